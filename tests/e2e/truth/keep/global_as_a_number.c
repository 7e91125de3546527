// SPDX-License-Identifier: MIT
//
// A pointer kept as an integer is a pointer to a scanner.
//
// EXPECT: nothing
// KEPT: 1008 1

#include "truth.h"

uintptr_t root;

static NOINLINE void fill(void)
{
    root = (uintptr_t)malloc(1008);
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
