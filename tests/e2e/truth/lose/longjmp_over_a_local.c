// SPDX-License-Identifier: MIT
//
// A function that has a block is left by longjmp of its callee.
//
// EXPECT: definite 81 1

#include "truth.h"

#include <setjmp.h>

static jmp_buf back;

static NOINLINE void fail(void)
{
    longjmp(back, 1);
}

static NOINLINE void work(void)
{
    char *p = malloc(81);
    use(p);
    fail();
    free(p);
}

static NOINLINE void lose(void)
{
    if (setjmp(back) == 0)
        work();
    memset(&back, 0, sizeof back);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
