// SPDX-License-Identifier: MIT
//
// A node is taken out of the middle; it still points to the rest, but nothing to it.
//
// EXPECT: definite 32 1
// KEPT: 256 8

#include "truth.h"

struct node {
    struct node *next;
    long value[3];
};
struct node *head;

static NOINLINE void lose(void)
{
    for (int i = 0; i < 9; i++) {
        struct node *n = calloc(1, sizeof *n);
        use(n);
        n->next = head;
        head = n;
    }
    head->next->next = head->next->next->next;
    use(head);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
