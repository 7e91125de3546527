// SPDX-License-Identifier: MIT
//
// The nodes of a list are freed, the strings they had are not.
//
// EXPECT: definite 285 5

#include "truth.h"

struct node {
    struct node *next;
    char *text;
};

static NOINLINE void lose(void)
{
    struct node *head = NULL;
    for (int i = 0; i < 5; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = head;
        n->text = malloc(57);
        head = n;
    }
    use(head);
    while (head) {
        struct node *n = head;
        head = n->next;
        free(n);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
