// SPDX-License-Identifier: MIT
//
// Ten levels are unwound, each with a raw pointer.
//
// EXPECT: definite 430 10

#include "truth.h"

static NOINLINE int descend(int level)
{
    char *p = new char[43];
    use(p);
    if (level == 0)
        throw level;
    int r = descend(level - 1);
    delete[] p;
    return r;
}

static NOINLINE void lose()
{
    try {
        descend(9);
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
