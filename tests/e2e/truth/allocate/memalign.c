// SPDX-License-Identifier: MIT
//
// A block at a multiple of 4096, of a size that is none.
//
// EXPECT: definite 100 1

#include "truth.h"

#include <malloc.h>

static NOINLINE void lose(void)
{
    char *p = memalign(4096, 100);
    CHECK((uintptr_t)p % 4096 == 0);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
