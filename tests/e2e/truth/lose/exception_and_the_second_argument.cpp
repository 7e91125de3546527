// SPDX-License-Identifier: MIT
//
// One argument was made, the making of the other throws.
//
// EXPECT: definite 46 1

#include "truth.h"

static NOINLINE char *make()
{
    char *p = new char[46];
    use(p);
    return p;
}

static NOINLINE int fail()
{
    throw 1;
}

static NOINLINE void take(char *p)
{
    delete[] p;
}

static NOINLINE void lose()
{
    try {
        char *p = make();
        if (fail() > 0)
            take(p);
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
