// SPDX-License-Identifier: MIT
//
// The table is freed, and its elements are lost one by one.
//
// EXPECT: definite 1080 20

#include "truth.h"

static NOINLINE void lose(void)
{
    char **p = malloc(20 * sizeof *p);
    for (int i = 0; i < 20; i++)
        p[i] = malloc(54);
    use(p);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
