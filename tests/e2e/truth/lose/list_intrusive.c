// SPDX-License-Identifier: MIT
//
// Links in the middle of the structs: each node is reached by a pointer into its interior only, and so are
// they when the list is lost.
//
// EXPECT: definite 40 1; indirect 120 3

#include "truth.h"

struct link {
    struct link *next;
};

struct thing {
    long a, b;
    struct link link;
    long c, d;
};

static NOINLINE void lose(void)
{
    struct link *head = NULL;
    for (int i = 0; i < 4; i++) {
        struct thing *t = calloc(1, sizeof *t);
        t->link.next = head;
        head = &t->link;
    }
    use(head);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
