// SPDX-License-Identifier: MIT
//
// Three attempts that fail by longjmp, the fourth frees.
//
// EXPECT: definite 249 3

#include "truth.h"

#include <setjmp.h>

static jmp_buf again;
static volatile int attempt;

static NOINLINE void work(void)
{
    char *p = malloc(83);
    use(p);
    if (attempt++ < 3)
        longjmp(again, 1);
    free(p);
}

static NOINLINE void lose(void)
{
    if (setjmp(again) >= 0)
        work();
    memset(&again, 0, sizeof again);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
