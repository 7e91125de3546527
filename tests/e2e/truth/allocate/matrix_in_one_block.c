// SPDX-License-Identifier: MIT
//
// Pointers to the rows and the rows themselves in one block: its pointers to itself do not count.
//
// EXPECT: definite 480 1

#include "truth.h"

static NOINLINE void lose(void)
{
    int **row = malloc(10 * sizeof *row + 100 * sizeof **row);
    for (int i = 0; i < 10; i++)
        row[i] = (int *)(row + 10) + 10 * i;
    use(row);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
