// SPDX-License-Identifier: MIT
//
// A block of aligned_alloc that realloc made larger.
//
// EXPECT: definite 300 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = aligned_alloc(64, 128);
    use(p);
    p = realloc(p, 300);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
