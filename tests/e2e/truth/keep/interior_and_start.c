// SPDX-License-Identifier: MIT
//
// A pointer to the start counts, whatever others there are.
//
// EXPECT: nothing
// KEPT: 1053 1
// GONE: possible 1053 1

#include "truth.h"

char *root, *cursor;

static NOINLINE void fill(void)
{
    root = malloc(1053);
    cursor = root + 50;
    use(&root);
    use(&cursor);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
