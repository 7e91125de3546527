// SPDX-License-Identifier: MIT
//
// A ring of three, one of which is known.
//
// EXPECT: nothing
// KEPT: 72 3
// GONE: definite 24 1; indirect 48 2

#include "truth.h"

void **root;

static NOINLINE void fill(void)
{
    void **a = calloc(1, 24), **b = calloc(1, 24), **c = calloc(1, 24);
    a[0] = b;
    b[1] = c;
    c[2] = a;
    root = b;
    use(a);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
