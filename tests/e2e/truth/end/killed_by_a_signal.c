// SPDX-License-Identifier: MIT
//
// SIGTERM with its default action.
//
// EXPECT: no report
// LIVE: definite 229 1
// SIGNAL: TERM

#include "truth.h"

#include <signal.h>

static NOINLINE void lose(void)
{
    use(malloc(229));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    raise(SIGTERM);
    return 0;
}
