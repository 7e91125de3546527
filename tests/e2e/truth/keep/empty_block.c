// SPDX-License-Identifier: MIT
//
// A block of no bytes is kept by the pointer to it.
//
// EXPECT: nothing
// KEPT: 0 1

#include "truth.h"

char *root;
volatile size_t none = 0;

static NOINLINE void fill(void)
{
    root = malloc(none);
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
