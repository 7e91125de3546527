// SPDX-License-Identifier: MIT
//
// A node is replaced by a copy of it with another key; the old one is not freed.
//
// EXPECT: definite 40 1
// KEPT: 40 1; 40 1

#include "truth.h"

struct node {
    struct node *left, *right;
    long key[3];
};
struct node *root;

static NOINLINE void lose(void)
{
    root = calloc(1, sizeof *root);
    root->left = calloc(1, sizeof *root);
    use(root);
    struct node *copy = malloc(sizeof *copy);
    *copy = *root->left;
    copy->key[0] = 9;
    root->left = copy;
    use(root);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
