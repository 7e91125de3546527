// SPDX-License-Identifier: MIT
//
// A list of a hundred nodes.
//
// EXPECT: nothing
// KEPT: 1600 100
// GONE: definite 16 1; indirect 1584 99

#include "truth.h"

struct node {
    struct node *next;
    long value;
};
struct node *head;

static NOINLINE void fill(void)
{
    for (long i = 0; i < 100; i++) {
        struct node *n = malloc(sizeof *n);
        use(n);
        n->next = head;
        n->value = i;
        head = n;
    }
}

int main(void)
{
    fill();
    FORGET(head);
    TRUTH_POINT();
    return 0;
}
