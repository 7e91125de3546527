// SPDX-License-Identifier: MIT
//
// An array of a length that is known at run time only.
//
// EXPECT: definite 114 1

#include "truth.h"

volatile int length = 30;

static NOINLINE void lose(void)
{
    int n = length;
    void *volatile local[n];
    for (int i = 0; i < n; i++)
        local[i] = NULL;
    local[n / 2] = malloc(114);
    use((void *)local);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
