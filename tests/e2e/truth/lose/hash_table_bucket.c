// SPDX-License-Identifier: MIT
//
// A table of chains on the heap: one chain of three is overwritten.
//
// EXPECT: definite 24 1; indirect 48 2
// KEPT: 64 1; 504 21

#include "truth.h"

struct entry {
    struct entry *next;
    long key, value;
};
struct entry **table;

static NOINLINE void lose(void)
{
    table = calloc(8, sizeof *table);
    for (long i = 0; i < 24; i++) {
        struct entry *e = malloc(sizeof *e);
        e->key = i;
        e->value = i;
        e->next = table[i % 8];
        table[i % 8] = e;
    }
    table[5] = NULL;
    use(table);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
