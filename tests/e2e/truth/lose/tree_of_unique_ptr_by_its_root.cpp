// SPDX-License-Identifier: MIT
//
// A tree whose nodes own their children, held by a raw pointer.
//
// EXPECT: definite 24 1; indirect 336 14

#include "truth.h"

#include <memory>

struct node {
    std::unique_ptr<node> left, right;
    long key = 0;
};

static NOINLINE std::unique_ptr<node> grow(int levels)
{
    auto n = std::make_unique<node>();
    if (levels > 0) {
        n->left = grow(levels - 1);
        n->right = grow(levels - 1);
    }
    return n;
}

static NOINLINE void lose()
{
    node *root = grow(3).release();
    use(root);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
