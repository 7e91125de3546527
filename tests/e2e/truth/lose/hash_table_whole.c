// SPDX-License-Identifier: MIT
//
// All of such a table.
//
// EXPECT: definite 128 1; indirect 720 30

#include "truth.h"

struct entry {
    struct entry *next;
    long key, value;
};

static NOINLINE void lose(void)
{
    struct entry **table = calloc(16, sizeof *table);
    for (long i = 0; i < 30; i++) {
        struct entry *e = malloc(sizeof *e);
        e->key = i;
        e->value = i;
        e->next = table[i % 16];
        table[i % 16] = e;
    }
    use(table);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
