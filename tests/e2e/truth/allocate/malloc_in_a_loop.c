// SPDX-License-Identifier: MIT
//
// One place that allocates a thousand times.
//
// EXPECT: definite 16000 1000

#include "truth.h"

static NOINLINE void lose(void)
{
    for (int i = 0; i < 1000; i++)
        use(malloc(16));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
