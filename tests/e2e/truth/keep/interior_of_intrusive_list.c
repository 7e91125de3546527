// SPDX-License-Identifier: MIT
//
// A list linked through the middle of its elements, known by a global.
//
// EXPECT: possible 160 4
// GONE: definite 40 1; indirect 120 3

#include "truth.h"

struct link {
    struct link *next;
};

struct thing {
    long a, b;
    struct link link;
    long c, d;
};
struct link *head;

static NOINLINE void fill(void)
{
    for (int i = 0; i < 4; i++) {
        struct thing *t = calloc(1, sizeof *t);
        use(t);
        t->link.next = head;
        head = &t->link;
    }
}

int main(void)
{
    fill();
    FORGET(head);
    TRUTH_POINT();
    return 0;
}
