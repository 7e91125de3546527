// SPDX-License-Identifier: MIT
//
// A list of packed structures, whose pointers stand at odd addresses: the option unaligned finds them,
// in roots, in blocks, at a block's very end, and between lost blocks.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// ORACLE: not any: they look at aligned words
// EXPECT: definite 1300 100
// CONTROL: unaligned=1 => nothing
// CONTROL: unaligned=1 -DLOSE => definite 13 1; indirect 1287 99

#include "leaktest.h"

struct node {
    char tag[5];
    struct node *next;
} __attribute__((packed));

struct {
    char tag[3];
    struct node *head;
} __attribute__((packed)) list;

int main(void)
{
    for (int i = 0; i < 100; i++) {
        struct node *node = malloc(sizeof *node);
        node->next = list.head;
        list.head = node;
    }
#ifdef LOSE
    list.head = NULL;
#endif
    return 0;
}
