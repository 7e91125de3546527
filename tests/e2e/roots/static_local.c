// SPDX-License-Identifier: MIT
//
// A function's static variable keeps its block.
//
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 1009 1

#include "leaktest.h"

static NOINLINE void *cached(void)
{
    static void *cache;
    if (cache == NULL)
        cache = malloc(1009);
    return cache;
}

int main(void)
{
    CHECK(cached() == cached());
    return 0;
}
