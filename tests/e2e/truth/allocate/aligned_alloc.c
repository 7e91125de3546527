// SPDX-License-Identifier: MIT
//
// A block at a multiple of 64.
//
// EXPECT: definite 128 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = aligned_alloc(64, 128);
    CHECK((uintptr_t)p % 64 == 0);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
