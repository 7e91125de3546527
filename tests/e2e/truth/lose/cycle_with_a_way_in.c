// SPDX-License-Identifier: MIT
//
// A block points into a ring: it alone is lost directly.
//
// EXPECT: definite 40 1; indirect 64 2

#include "truth.h"

static NOINLINE void lose(void)
{
    void **a = calloc(1, 32), **b = calloc(1, 32), **in = calloc(1, 40);
    a[0] = b;
    b[0] = a;
    in[0] = a;
    use(in);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
