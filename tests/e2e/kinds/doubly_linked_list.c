// SPDX-License-Identifier: MIT
//
// A doubly linked list is one big clique of cycles: one leader.
//
// EXPECT: definite 24 1; indirect 23976 999

#include "leaktest.h"

struct node {
    struct node *next, *previous;
    long value;
};

static NOINLINE void lose(void)
{
    struct node *last = NULL;
    for (int i = 0; i < 1000; i++) {
        struct node *node = calloc(1, sizeof *node);
        node->previous = last;
        if (last != NULL)
            last->next = node;
        last = node;
    }
    use(last);
}

int main(void)
{
    lose();
    return 0;
}
