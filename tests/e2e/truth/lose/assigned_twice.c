// SPDX-License-Identifier: MIT
//
// The second allocation goes into the same variable; it is freed.
//
// EXPECT: definite 14 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *volatile p = malloc(14);
    p = malloc(15);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
