// SPDX-License-Identifier: MIT
//
// A pointer in the last eight bytes of a large block.
//
// EXPECT: nothing
// KEPT: 2001049 2
// GONE: definite 2000000 1; indirect 1049 1

#include "truth.h"

void **root;

static NOINLINE void fill(void)
{
    root = calloc(1, 2000000);
    root[249999] = malloc(1049);
    use(root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
