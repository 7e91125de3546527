// SPDX-License-Identifier: MIT
//
// One reference too many is taken: the count never becomes zero.
//
// EXPECT: definite 32 1

#include "truth.h"

struct shared {
    int references;
    char data[28];
};

static NOINLINE struct shared *take(struct shared *s)
{
    s->references++;
    return s;
}

static NOINLINE void drop(struct shared *s)
{
    if (--s->references == 0)
        free(s);
}

static NOINLINE void lose(void)
{
    struct shared *s = calloc(1, sizeof *s);
    take(s);
    take(s);
    drop(s);
    use(s);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
