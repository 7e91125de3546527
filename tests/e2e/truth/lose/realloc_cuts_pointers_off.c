// SPDX-License-Identifier: MIT
//
// A table of eight pointers is cut to four: what the others pointed to is lost, the rest freed.
//
// EXPECT: definite 60 4

#include "truth.h"

static NOINLINE void lose(void)
{
    char **p = malloc(8 * sizeof *p);
    for (int i = 0; i < 8; i++)
        p[i] = malloc(15);
    use(p);
    p = realloc(p, 4 * sizeof *p);
    for (int i = 0; i < 4; i++)
        free(p[i]);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
