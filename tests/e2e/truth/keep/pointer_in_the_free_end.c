// SPDX-License-Identifier: MIT
//
// A block that realloc made smaller and larger again keeps its pointer in the first part.
//
// EXPECT: nothing
// KEPT: 1150 2
// GONE: definite 100 1; indirect 1050 1

#include "truth.h"

void **root;

static NOINLINE void fill(void)
{
    root = calloc(10, 8);
    root[2] = malloc(1050);
    use(root);
    root = realloc(root, 24);
    use(root);
    root = realloc(root, 100);
    memset(root + 3, 0, 76);
    use(root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
