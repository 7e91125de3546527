// SPDX-License-Identifier: MIT
//
// A write to nowhere.
//
// EXPECT: no report
// LIVE: definite 232 1
// SIGNAL: SEGV

#include "truth.h"

int *volatile nowhere;

static NOINLINE void lose(void)
{
    use(malloc(232));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    *nowhere = 1;
    return 0;
}
