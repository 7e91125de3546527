// SPDX-License-Identifier: MIT
//
// A local of a function three calls above the one that ends the program.
//
// EXPECT: nothing
// KEPT: 1023 1

#include "truth.h"

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1023);
}

static NOINLINE void stop(int deep)
{
    if (deep > 0)
        stop(deep - 1);
    TRUTH_POINT();
    exit(0);
}

static NOINLINE void work(void)
{
    void *volatile local[4] = {0};
    fill(&local[1]);
    FORGET(local[1]);
    stop(3);
    use((void *)local);
}

int main(void)
{
    work();
    return 0;
}
