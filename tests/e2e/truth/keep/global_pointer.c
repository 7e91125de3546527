// SPDX-License-Identifier: MIT
//
// A global variable.
//
// EXPECT: nothing
// KEPT: 1001 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    root = malloc(1001);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
