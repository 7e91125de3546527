// SPDX-License-Identifier: MIT
//
// The destructor of a static object forgets its block.
//
// EXPECT: definite 255 1

#include "truth.h"

struct holder {
    char *c = nullptr;
    ~holder()
    {
        c = nullptr;
        use(&c);
        TRUTH_POINT();
    }
};
static holder held;

int main()
{
    held.c = new char[255];
    use(held.c);
    return 0;
}
