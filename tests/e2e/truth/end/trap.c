// SPDX-License-Identifier: MIT
//
// An instruction that does not exist.
//
// EXPECT: no report
// LIVE: definite 233 1
// SIGNAL: ILL

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(233));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    __builtin_trap();
}
