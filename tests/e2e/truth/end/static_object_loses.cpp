// SPDX-License-Identifier: MIT
//
// The destructor of a static object forgets its block. It runs below frames of exit, which lie over the dead
// ones of main and its callees: nothing of the block may be left there.
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

static NOINLINE void fill()
{
    held.c = new char[255];
    use(held.c);
}

int main()
{
    fill();
    clobber();
    return 0;
}
