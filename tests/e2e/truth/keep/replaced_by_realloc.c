// SPDX-License-Identifier: MIT
//
// A global that follows its block through twelve sizes.
//
// EXPECT: nothing
// KEPT: 4096 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    for (size_t size = 1; size <= 4096; size *= 2) {
        root = realloc(root, size);
        use(&root);
    }
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
