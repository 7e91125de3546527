// SPDX-License-Identifier: MIT
//
// A doubly linked list of which only the last node is known: all are reached backwards.
//
// EXPECT: nothing
// KEPT: 240 10
// GONE: definite 24 1; indirect 216 9

#include "truth.h"

struct node {
    struct node *next, *previous;
    long value;
};
struct node *last;

static NOINLINE void fill(void)
{
    for (int i = 0; i < 10; i++) {
        struct node *n = calloc(1, sizeof *n);
        use(n);
        n->previous = last;
        if (last)
            last->next = n;
        last = n;
    }
}

int main(void)
{
    fill();
    FORGET(last);
    TRUTH_POINT();
    return 0;
}
