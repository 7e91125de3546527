// SPDX-License-Identifier: MIT
//
// A table of ten thousand pointers keeps its entries; without it all of them are lost at once.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 80000 1; indirect 240000 10000

#include "leaktest.h"

void **table;

int main(void)
{
    table = malloc(10000 * sizeof *table);
    for (int i = 0; i < 10000; i++)
        table[i] = malloc(24);
    use(table);
#ifdef LOSE
    table = NULL;
#endif
    return 0;
}
