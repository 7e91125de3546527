// SPDX-License-Identifier: MIT
//
// Trees: binary trees are built, walked and freed by recursion while one large tree stays. Every node is
// allocated at its own depth of the call stack.

#include "bench.h"

struct node {
    struct node *left, *right;
    uint64_t value;
};

static NOINLINE struct node *node_new(uint64_t value)
{
    struct node *node = malloc(sizeof *node);
    node->value = value;
    return node;
}

static NOINLINE struct node *build(int depth, uint64_t value)
{
    struct node *node = node_new(value);
    node->left = depth ? build(depth - 1, 2 * value) : NULL;
    node->right = depth ? build(depth - 1, 2 * value + 1) : NULL;
    return node;
}

static NOINLINE uint64_t walk(const struct node *node)
{
    return node ? node->value + 3 * walk(node->left) + 5 * walk(node->right) : 1;
}

static NOINLINE void drop(struct node *node)
{
    if (!node)
        return;
    drop(node->left);
    drop(node->right);
    free(node);
}

static NOINLINE uint64_t one_tree(int depth, uint64_t value)
{
    struct node *tree = build(depth, value);
    uint64_t sum = 0;
    for (int i = 0; i < 6; i++)
        sum = mix(sum, walk(tree));
    drop(tree);
    return sum;
}

int main(int argc, char **argv)
{
    long size = size_argument(argc, argv);
    struct node *lasting = build(size > 20 ? 18 : 10, 1);
    uint64_t sum = 0;
    for (long i = 0; i < size; i++)
        for (int depth = 4; depth <= 14; depth += 2)
            for (int repeat = 0; repeat < 1 << ((14 - depth) / 2); repeat++)
                sum = mix(sum, one_tree(depth, (uint64_t)i + 1));
    sum = mix(sum, walk(lasting));
    drop(lasting);
    return finish(sum);
}
