// SPDX-License-Identifier: MIT
//
// A lost tree: its root is definitely lost, the rest indirectly.
//
// EXPECT: definite 32 1; indirect 1984 62
// CONTROL: -DKEEP => nothing

#include "leaktest.h"

struct node {
    struct node *left, *right;
    long value[2];
};

struct node *root;

static struct node *grow(int depth)
{
    if (depth == 0)
        return NULL;
    struct node *node = calloc(1, sizeof *node);
    node->left = grow(depth - 1);
    node->right = grow(depth - 1);
    return node;
}

int main(void)
{
    root = grow(6);
    use(root);
#ifndef KEEP
    root = NULL;
#endif
    return 0;
}
