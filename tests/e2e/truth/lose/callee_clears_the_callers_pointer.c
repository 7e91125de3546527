// SPDX-License-Identifier: MIT
//
// A function resets its caller's struct, with the pointer in it.
//
// EXPECT: definite 35 1

#include "truth.h"

struct buffer {
    char *data;
    size_t used;
};

static NOINLINE void reset(struct buffer *b)
{
    b->data = NULL;
    b->used = 0;
}

static NOINLINE void lose(void)
{
    struct buffer b = {malloc(35), 35};
    use(&b);
    reset(&b);
    use(&b);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
