// SPDX-License-Identifier: MIT
//
// The left branch of a tree is overwritten by NULL.
//
// EXPECT: definite 24 1; indirect 48 2
// KEPT: 24 1; 72 3

#include "truth.h"

struct node {
    struct node *left, *right;
    long key;
};
struct node *root;

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
    root = grow(2);
    use(root);
    root->left = NULL;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
