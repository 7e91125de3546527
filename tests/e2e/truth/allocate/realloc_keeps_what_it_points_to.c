// SPDX-License-Identifier: MIT
//
// The contents move with the block: what the old one pointed to, the new one does.
//
// EXPECT: definite 1600 1; indirect 7 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char **p = malloc(16);
    p[0] = malloc(7);
    use(p);
    p = realloc(p, 1600);
    memset(p + 1, 0, 1592);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
