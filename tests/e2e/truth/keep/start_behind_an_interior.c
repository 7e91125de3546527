// SPDX-License-Identifier: MIT
//
// A block is reached through an interior pointer only, and another one through it.
//
// EXPECT: possible 1118 2
// GONE: definite 64 1; indirect 1054 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    void **a = calloc(1, 64);
    a[5] = malloc(1054);
    use(a);
    root = (char *)a + 8;
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
