// SPDX-License-Identifier: MIT
//
// A timer's signal ends a loop that never would.
//
// EXPECT: definite 209 1

#include "truth.h"

#include <signal.h>

static volatile int waiting = 1;

static NOINLINE void lose(void)
{
    use(malloc(209));
}

static void handle(int number)
{
    (void)number;
    exit(0);
}

int main(void)
{
    signal(SIGALRM, handle);
    lose();
    TRUTH_POINT();
    ualarm(20000, 0);
    while (waiting)
        continue;
    return 1;
}
