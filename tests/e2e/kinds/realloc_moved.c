// SPDX-License-Identifier: MIT
//
// After realloc has moved a block, its old place keeps nothing alive.
//
// EXPECT: definite 48 1

#include "leaktest.h"

void **table, *barrier, *old;

int main(void)
{
    table = calloc(4, sizeof *table);
    barrier = malloc(32);
    table[3] = malloc(48); // LEAK: definite 48 1
    old = table;
    table = realloc(table, 100000);
    table[3] = NULL;
    return 0;
}
