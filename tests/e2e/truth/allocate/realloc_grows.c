// SPDX-License-Identifier: MIT
//
// A block that grew from 1 byte to 1024 in ten steps counts once, with its last size.
//
// EXPECT: definite 1024 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc(1);
    for (size_t size = 2; size <= 1024; size *= 2)
        p = realloc(p, size);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
