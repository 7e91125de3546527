// SPDX-License-Identifier: MIT
//
// A head of eight bytes and ten numbers in one block.
//
// EXPECT: definite 48 1

#include "truth.h"

struct series {
    long count;
    int value[];
};

static NOINLINE void lose(void)
{
    struct series *s = malloc(sizeof *s + 10 * sizeof(int));
    s->count = 10;
    s->value[9] = 1;
    use(s);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
