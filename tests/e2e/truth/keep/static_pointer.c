// SPDX-License-Identifier: MIT
//
// A variable of the file.
//
// EXPECT: nothing
// KEPT: 1002 1

#include "truth.h"

static char *volatile root;

static NOINLINE void fill(void)
{
    root = malloc(1002);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
