// SPDX-License-Identifier: MIT
//
// The last element of a large array.
//
// EXPECT: nothing
// KEPT: 1005 1

#include "truth.h"

char *root[100000];

static NOINLINE void fill(void)
{
    root[99999] = malloc(1005);
}

int main(void)
{
    fill();
    FORGET(root[99999]);
    TRUTH_POINT();
    return 0;
}
