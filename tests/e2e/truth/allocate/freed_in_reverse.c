// SPDX-License-Identifier: MIT
//
// A thousand blocks, the last freed first.
//
// EXPECT: nothing

#include "truth.h"

static void *block[1000];

static NOINLINE void lose(void)
{
    for (int i = 0; i < 1000; i++)
        block[i] = malloc((size_t)i);
    for (int i = 999; i >= 0; i--)
        free(block[i]);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
