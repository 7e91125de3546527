// SPDX-License-Identifier: MIT
//
// The freed block still has the pointer in it: that counts for nothing.
//
// EXPECT: definite 61 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void **p = malloc(64);
    p[5] = malloc(61);
    use(p);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
