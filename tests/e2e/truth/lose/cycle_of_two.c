// SPDX-License-Identifier: MIT
//
// Two blocks that point to each other, and nothing to them.
//
// EXPECT: definite 16 1; indirect 16 1

#include "truth.h"

struct node {
    struct node *other;
    long value;
};

static NOINLINE void lose(void)
{
    struct node *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    a->other = b;
    b->other = a;
    use(a);
    use(b);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
