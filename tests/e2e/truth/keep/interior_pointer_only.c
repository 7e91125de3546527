// SPDX-License-Identifier: MIT
//
// Only a pointer into the middle: it may be one that is in use, or a number by chance.
//
// EXPECT: possible 1051 1
// GONE: definite 1051 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    root = (char *)malloc(1051) + 100;
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
