// SPDX-License-Identifier: MIT
//
// Back in main by longjmp, then exit.
//
// EXPECT: definite 215 1

#include "truth.h"

#include <setjmp.h>

static jmp_buf back;

static NOINLINE void work(void)
{
    use(malloc(215));
    longjmp(back, 1);
}

int main(void)
{
    if (setjmp(back) == 0)
        work();
    memset(&back, 0, sizeof back);
    TRUTH_POINT();
    exit(0);
}
