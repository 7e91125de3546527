// SPDX-License-Identifier: MIT
//
// A list so long that following it by recursion would overflow the stack.
//
// EXPECT: nothing
// KEPT: 16000000 1000000

#include "truth.h"

struct node {
    struct node *next;
    long value;
};
struct node *head;

static NOINLINE void fill(void)
{
    for (long i = 0; i < 1000000; i++) {
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
    TRUTH_POINT();
    return 0;
}
