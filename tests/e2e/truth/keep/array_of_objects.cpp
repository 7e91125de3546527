// SPDX-License-Identifier: MIT
//
// new[] of objects with destructors: the pointer stands eight bytes behind the block's start.
//
// EXPECT: nothing
// KEPT: 88 1

#include "truth.h"

struct item {
    long value = 1;
    ~item()
    {
        value = 0;
        use(this);
    }
};
item *root;

static NOINLINE void fill()
{
    root = new item[10];
    use(root);
}

int main()
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
