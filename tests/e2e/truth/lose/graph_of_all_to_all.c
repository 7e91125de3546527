// SPDX-License-Identifier: MIT
//
// Ten blocks, each of which points to all of them.
//
// EXPECT: definite 80 1; indirect 720 9

#include "truth.h"

static NOINLINE void lose(void)
{
    void **p[10];
    for (int i = 0; i < 10; i++)
        p[i] = malloc(80);
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            p[i][j] = p[j];
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
