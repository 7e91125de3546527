// SPDX-License-Identifier: MIT
//
// A thousand blocks of 77 bytes; one is forgotten.
//
// EXPECT: definite 77 1

#include "truth.h"

static void *block[1000];

static NOINLINE void lose(void)
{
    for (int i = 0; i < 1000; i++)
        block[i] = malloc(77);
    for (int i = 0; i < 1000; i++) {
        if (i != 500)
            free(block[i]);
        block[i] = NULL;
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
