// SPDX-License-Identifier: MIT
//
// A list of 40 nodes is cut after the 20th.
//
// EXPECT: definite 24 1; indirect 456 19
// KEPT: 480 20

#include "truth.h"

struct node {
    struct node *next;
    long value[2];
};
struct node *head;

static NOINLINE struct node *at(int place)
{
    struct node *n = head;
    while (place-- > 0)
        n = n->next;
    return n;
}

static NOINLINE void lose(void)
{
    for (int i = 0; i < 40; i++) {
        struct node *n = calloc(1, sizeof *n);
        n->next = head;
        head = n;
    }
    at(19)->next = NULL;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
