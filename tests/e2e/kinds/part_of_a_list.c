// SPDX-License-Identifier: MIT
//
// A list cut in the middle: the cut-off tail is lost, led by its first node.
//
// EXPECT: definite 40 1; indirect 1960 49

#include "leaktest.h"

struct node {
    struct node *next;
    char payload[32];
};

struct node *head;

int main(void)
{
    for (int i = 0; i < 100; i++) {
        struct node *node = calloc(1, sizeof *node);
        node->next = head;
        head = node;
    }
    struct node *node = head;
    for (int i = 1; i < 50; i++)
        node = node->next;
    node->next = NULL;
    return 0;
}
