// SPDX-License-Identifier: MIT
//
// A million nodes in one list: no recursion, no quadratic work.
//
// TIMEOUT: 30
// ORACLE: not valgrind: its heap lies low, where numbers look like pointers
// EXPECT: definite 16 1; indirect 15999984 999999
// CONTROL: -DKEEP => nothing

#include "leaktest.h"

struct node {
    struct node *next;
    long value;
};

struct node *head;

int main(void)
{
    for (int i = 0; i < 1000000; i++) {
        struct node *node = malloc(sizeof *node);
        node->next = head;
        node->value = i;
        head = node;
    }
    use(head);
#ifndef KEEP
    head = NULL;
#endif
    return 0;
}
