// SPDX-License-Identifier: MIT
//
// Memory of sbrk that was given back.
//
// EXPECT: definite 101 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *base = sbrk(0);
    base += -(uintptr_t)base % 8;
    CHECK(brk(base + 65536) == 0);
    *(void **)(base + 32768) = malloc(101);
    use(base);
    CHECK(brk(base) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
