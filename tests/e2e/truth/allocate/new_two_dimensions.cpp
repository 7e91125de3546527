// SPDX-License-Identifier: MIT
//
// An array of pointers to arrays.
//
// EXPECT: definite 80 1; indirect 240 10

#include "truth.h"

static NOINLINE void lose()
{
    int **row = new int *[10];
    for (int i = 0; i < 10; i++)
        row[i] = new int[6]();
    use(row);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
