// SPDX-License-Identifier: MIT
//
// A complete tree of 64 nodes and its root.
//
// EXPECT: definite 24 1; indirect 1512 63

#include "truth.h"

struct node {
    struct node *left, *right;
    long key;
};

static NOINLINE struct node *grow(int levels)
{
    struct node *n = calloc(1, sizeof *n);
    if (levels > 0) {
        n->left = grow(levels - 1);
        n->right = grow(levels - 1);
    }
    return n;
}

static NOINLINE void lose(void)
{
    struct node *extra = calloc(1, sizeof *extra);
    extra->left = grow(5);
    use(extra);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
