// SPDX-License-Identifier: MIT
//
// A variable in the data segment, not among the zeroes.
//
// EXPECT: nothing
// KEPT: 1004 1

#include "truth.h"

char other, *root = &other;

static NOINLINE void fill(void)
{
    root = malloc(1004);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
