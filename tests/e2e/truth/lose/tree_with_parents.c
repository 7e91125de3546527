// SPDX-License-Identifier: MIT
//
// Nodes that also point to their parent: all of them are one knot.
//
// EXPECT: definite 32 1; indirect 448 14

#include "truth.h"

struct node {
    struct node *left, *right, *parent;
    long key;
};

static NOINLINE struct node *grow(struct node *parent, int levels)
{
    struct node *n = calloc(1, sizeof *n);
    n->parent = parent;
    if (levels > 0) {
        n->left = grow(n, levels - 1);
        n->right = grow(n, levels - 1);
    }
    return n;
}

static NOINLINE void lose(void)
{
    use(grow(NULL, 3));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
