// SPDX-License-Identifier: MIT
//
// A block of malloc.
//
// EXPECT: definite 10 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(10));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
