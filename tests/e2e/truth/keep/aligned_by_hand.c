// SPDX-License-Identifier: MIT
//
// The program aligns a block by itself and forgets where it began.
//
// EXPECT: possible 1300 1
// GONE: definite 1300 1

#include "truth.h"

char *root;

static NOINLINE void fill(void)
{
    uintptr_t p = (uintptr_t)malloc(1300);
    p = (p + 1 + 255) / 256 * 256;
    root = (char *)p;
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
