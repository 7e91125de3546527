// SPDX-License-Identifier: MIT
//
// A function throws before its delete.
//
// EXPECT: definite 40 1

#include "truth.h"

struct thing {
    char c[40];
};

static NOINLINE void work()
{
    thing *t = new thing;
    use(t);
    throw 1;
}

static NOINLINE void lose()
{
    try {
        work();
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
