// SPDX-License-Identifier: MIT
//
// Every second block of a hundred is freed, the others are lost between them.
//
// EXPECT: definite 1600 50

#include "truth.h"

static NOINLINE void lose(void)
{
    void *block[100];
    for (int i = 0; i < 100; i++)
        block[i] = malloc(32);
    for (int i = 0; i < 100; i += 2)
        free(block[i]);
    use(block);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
