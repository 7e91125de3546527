// SPDX-License-Identifier: MIT
//
// Ten levels of a recursion are left at once, each with a block.
//
// EXPECT: definite 820 10

#include "truth.h"

#include <setjmp.h>

static jmp_buf back;

static NOINLINE int descend(int level)
{
    char *p = malloc(82);
    use(p);
    if (level == 0)
        longjmp(back, 1);
    int r = descend(level - 1);
    free(p);
    return r + 1;
}

static NOINLINE void lose(void)
{
    if (setjmp(back) == 0)
        descend(9);
    memset(&back, 0, sizeof back);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
