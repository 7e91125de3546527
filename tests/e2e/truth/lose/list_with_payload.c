// SPDX-License-Identifier: MIT
//
// Each node has a string: 5 more nodes of 16 and 6 strings. The list is lost by its head.
//
// EXPECT: definite 16 1; indirect 350 11

#include "truth.h"

struct node {
    struct node *next;
    char *text;
};

static NOINLINE void lose(void)
{
    struct node *head = NULL;
    for (int i = 0; i < 6; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = head;
        n->text = malloc(45);
        head = n;
    }
    use(head);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
