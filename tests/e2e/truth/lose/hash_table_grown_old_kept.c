// SPDX-License-Identifier: MIT
//
// The table grows into a new one, the entries move there, and the old table is not freed.
//
// EXPECT: definite 64 1
// KEPT: 128 1; 64 8

#include "truth.h"

struct entry {
    long key;
};
struct entry **table;

static NOINLINE void lose(void)
{
    table = calloc(8, sizeof *table);
    for (long i = 0; i < 8; i++) {
        table[i] = malloc(sizeof **table);
        table[i]->key = i;
    }
    struct entry **more = calloc(16, sizeof *more);
    memcpy(more, table, 8 * sizeof *more);
    table = more;
    use(table);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
