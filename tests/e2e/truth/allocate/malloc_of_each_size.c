// SPDX-License-Identifier: MIT
//
// A block of each size from 1 to 100.
//
// EXPECT: definite 5050 100

#include "truth.h"

static NOINLINE void lose(void)
{
    for (size_t size = 1; size <= 100; size++)
        use(malloc(size));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
