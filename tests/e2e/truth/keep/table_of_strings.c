// SPDX-License-Identifier: MIT
//
// A table on the heap with ten strings.
//
// EXPECT: nothing
// KEPT: 180 11
// GONE: definite 80 1; indirect 100 10

#include "truth.h"

char **table;

static NOINLINE void fill(void)
{
    table = malloc(10 * sizeof *table);
    for (int i = 0; i < 10; i++)
        table[i] = strdup("nine char");
    use(table);
}

int main(void)
{
    fill();
    FORGET(table);
    TRUTH_POINT();
    return 0;
}
