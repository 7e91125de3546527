// SPDX-License-Identifier: MIT
//
// A linked queue: two items are taken off and forgotten.
//
// EXPECT: definite 32 2
// KEPT: 48 3

#include "truth.h"

struct item {
    struct item *next;
    long value;
};
static struct item *first, **last = &first;

static NOINLINE void put(long value)
{
    struct item *i = calloc(1, sizeof *i);
    i->value = value;
    *last = i;
    last = &i->next;
}

static NOINLINE void take(void)
{
    struct item *i = first;
    first = i->next;
    i->next = NULL;
    use(i);
}

static NOINLINE void lose(void)
{
    for (long i = 0; i < 5; i++)
        put(i);
    take();
    take();
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
