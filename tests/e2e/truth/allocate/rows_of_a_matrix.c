// SPDX-License-Identifier: MIT
//
// A table of pointers to ten rows.
//
// EXPECT: definite 80 1; indirect 400 10

#include "truth.h"

static NOINLINE void lose(void)
{
    int **row = malloc(10 * sizeof *row);
    for (int i = 0; i < 10; i++)
        row[i] = calloc(10, sizeof **row);
    use(row);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
