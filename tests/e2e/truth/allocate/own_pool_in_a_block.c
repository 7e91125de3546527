// SPDX-License-Identifier: MIT
//
// A pool in one block of malloc; what it gave out are no blocks of their own.
//
// EXPECT: definite 65536 1

#include "truth.h"

static char *pool;
static size_t used;

static NOINLINE void *take(size_t size)
{
    void *p = pool + used;
    used += size;
    return p;
}

static NOINLINE void lose(void)
{
    pool = malloc(65536);
    for (int i = 0; i < 50; i++)
        use(take(100));
    pool = NULL;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
