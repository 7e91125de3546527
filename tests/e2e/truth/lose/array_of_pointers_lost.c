// SPDX-License-Identifier: MIT
//
// A table on the heap, with all that it points to.
//
// EXPECT: definite 160 1; indirect 1060 20

#include "truth.h"

static NOINLINE void lose(void)
{
    char **p = malloc(20 * sizeof *p);
    for (int i = 0; i < 20; i++)
        p[i] = malloc(53);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
