// SPDX-License-Identifier: MIT
//
// A signal handler jumps out of a function that has a block.
//
// EXPECT: definite 84 1

#include "truth.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;

static void handle(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

static NOINLINE void work(void)
{
    char *p = malloc(84);
    use(p);
    raise(SIGUSR1);
    free(p);
}

static NOINLINE void lose(void)
{
    signal(SIGUSR1, handle);
    if (sigsetjmp(back, 1) == 0)
        work();
    memset(&back, 0, sizeof back);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
