// SPDX-License-Identifier: MIT
//
// One ring points to another: one leader for both.
//
// EXPECT: definite 24 1; indirect 72 3

#include "truth.h"

static NOINLINE void lose(void)
{
    void **p[4];
    for (int i = 0; i < 4; i++)
        p[i] = calloc(1, 24);
    p[0][0] = p[1];
    p[1][0] = p[0];
    p[2][0] = p[3];
    p[3][0] = p[2];
    p[1][1] = p[2];
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
