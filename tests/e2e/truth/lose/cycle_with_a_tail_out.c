// SPDX-License-Identifier: MIT
//
// A ring of two, from which two more hang.
//
// EXPECT: definite 32 1; indirect 91 3

#include "truth.h"

static NOINLINE void lose(void)
{
    void **a = calloc(1, 32), **b = calloc(1, 32), **c = calloc(1, 40);
    a[0] = b;
    b[0] = a;
    b[1] = c;
    c[0] = malloc(19);
    use(a);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
