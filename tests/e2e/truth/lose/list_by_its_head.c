// SPDX-License-Identifier: MIT
//
// A list whose head is overwritten: its first node is lost, and the others through it.
//
// EXPECT: definite 16 1; indirect 784 49

#include "truth.h"

struct node {
    struct node *next;
    long value;
};
struct node *head;

static NOINLINE void lose(void)
{
    for (long i = 0; i < 50; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = head;
        n->value = i;
        head = n;
    }
    use(head);
    head = NULL;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
