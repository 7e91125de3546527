// SPDX-License-Identifier: MIT
//
// A program that writes to all the bytes that malloc_usable_size allows: the block has the size that was
// asked for.
//
// EXPECT: definite 21 1

#include "truth.h"

#include <malloc.h>

static NOINLINE void lose(void)
{
    char *p = malloc(21);
    use(p);
    memset(p, 0, malloc_usable_size(p));
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
