// SPDX-License-Identifier: MIT
//
// The destructor of a static object frees.
//
// EXPECT: nothing

#include "truth.h"

struct holder {
    char *c = nullptr;
    ~holder()
    {
        delete[] c;
    }
};
static holder held;

int main()
{
    held.c = new char[254];
    use(held.c);
    TRUTH_POINT();
    return 0;
}
