// SPDX-License-Identifier: MIT
//
// The last of six nodes points to the first.
//
// EXPECT: definite 16 1; indirect 80 5

#include "truth.h"

struct node {
    struct node *next;
    long value;
};

static NOINLINE void lose(void)
{
    struct node *first = calloc(1, sizeof *first), *n = first;
    for (int i = 0; i < 5; i++)
        n = n->next = calloc(1, sizeof *n);
    n->next = first;
    use(n);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
