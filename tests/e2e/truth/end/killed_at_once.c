// SPDX-License-Identifier: MIT
//
// SIGKILL can't be caught by anybody.
//
// EXPECT: no report
// LIVE: definite 231 1
// SIGNAL: KILL

#include "truth.h"

#include <signal.h>

static NOINLINE void lose(void)
{
    use(malloc(231));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    kill(getpid(), SIGKILL);
    return 0;
}
