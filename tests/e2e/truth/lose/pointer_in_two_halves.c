// SPDX-License-Identifier: MIT
//
// The halves of an address in two arrays of 32-bit numbers.
//
// EXPECT: definite 89 1

#include "truth.h"

uint32_t low[2], high[2];

static NOINLINE void lose(void)
{
    uintptr_t p = (uintptr_t)malloc(89);
    low[1] = (uint32_t)p;
    high[1] = (uint32_t)(p >> 32);
    use(low);
    use(high);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
