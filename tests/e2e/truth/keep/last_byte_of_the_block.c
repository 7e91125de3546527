// SPDX-License-Identifier: MIT
//
// A pointer to a block's last byte.
//
// EXPECT: possible 1052 1
// GONE: definite 1052 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    root = (char *)malloc(1052) + 1051;
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
