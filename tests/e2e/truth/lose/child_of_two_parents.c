// SPDX-License-Identifier: MIT
//
// Two lost blocks point to the same third.
//
// EXPECT: definite 32 2; indirect 58 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void **a = calloc(1, 16), **b = calloc(1, 16);
    a[0] = b[0] = malloc(58);
    use(a);
    use(b);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
