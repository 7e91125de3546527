// SPDX-License-Identifier: MIT
//
// A block of a function that returns by exception from a switch of its cases.
//
// EXPECT: definite 47 1

#include "truth.h"

static NOINLINE void run(int state)
{
    char *p = new char[47];
    use(p);
    switch (state) {
    case 0:
        delete[] p;
        return;
    case 1:
        throw "unknown state";
    default:
        delete[] p;
    }
}

static NOINLINE void lose()
{
    run(0);
    run(2);
    try {
        run(1);
    } catch (const char *) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
