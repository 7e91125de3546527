// SPDX-License-Identifier: MIT
//
// qsort of a large array may allocate, and frees it again.
//
// EXPECT: nothing

#include "truth.h"

static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static NOINLINE void lose(void)
{
    static int number[10000];
    for (int i = 0; i < 10000; i++)
        number[i] = 10000 - i;
    qsort(number, 10000, sizeof *number, order);
    CHECK(number[0] == 1);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
