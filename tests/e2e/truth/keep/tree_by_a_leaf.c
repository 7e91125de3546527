// SPDX-License-Identifier: MIT
//
// A tree with parent pointers, of which only one leaf is known.
//
// EXPECT: nothing
// KEPT: 480 15
// GONE: definite 32 1; indirect 448 14

#include "truth.h"

struct node {
    struct node *left, *right, *parent;
    long key;
};
static struct node *volatile leaf;

static NOINLINE struct node *grow(struct node *parent, int levels)
{
    struct node *n = calloc(1, sizeof *n);
    n->parent = parent;
    if (levels > 0) {
        n->left = grow(n, levels - 1);
        n->right = grow(n, levels - 1);
    } else {
        leaf = n;
    }
    return n;
}

static NOINLINE void fill(void)
{
    use(grow(NULL, 3));
}

int main(void)
{
    fill();
    FORGET(leaf);
    TRUTH_POINT();
    return 0;
}
