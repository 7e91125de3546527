// SPDX-License-Identifier: MIT
//
// Each node points to both neighbours: one big ring of rings, with one leader.
//
// EXPECT: definite 24 1; indirect 216 9

#include "truth.h"

struct node {
    struct node *next, *previous;
    long value;
};

static NOINLINE void lose(void)
{
    struct node *last = NULL;
    for (int i = 0; i < 10; i++) {
        struct node *n = calloc(1, sizeof *n);
        n->previous = last;
        if (last)
            last->next = n;
        last = n;
    }
    use(last);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
