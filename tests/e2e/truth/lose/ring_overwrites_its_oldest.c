// SPDX-License-Identifier: MIT
//
// A ring of four places gets ten blocks: six were written over.
//
// EXPECT: definite 330 6
// KEPT: 220 4

#include "truth.h"

static char *ring[4];

static NOINLINE void lose(void)
{
    for (int i = 0; i < 10; i++) {
        ring[i % 4] = malloc(55);
        use(ring);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
