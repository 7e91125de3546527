// SPDX-License-Identifier: MIT
//
// A thread_local object of main is destroyed at the end.
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
static thread_local holder held;

int main()
{
    held.c = new char[257];
    use(held.c);
    TRUTH_POINT();
    return 0;
}
