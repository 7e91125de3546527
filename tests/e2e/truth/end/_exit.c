// SPDX-License-Identifier: MIT
//
// _exit goes to the kernel at once: nothing is looked for, unless it is asked for by an option.
//
// EXPECT: no report
// LIVE: definite 225 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(225));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    _exit(0);
}
