// SPDX-License-Identifier: MIT
//
// Two pointers are swapped without a third variable: one is there twice, the other not at all.
//
// EXPECT: definite 16 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *volatile a = malloc(16);
    char *volatile b = malloc(18);
    a = b;
    b = a;
    free(a);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
