// SPDX-License-Identifier: MIT
//
// A function returns a new block, and the caller drops it.
//
// EXPECT: definite 29 1

#include "truth.h"

static NOINLINE char *make(void)
{
    char *p = malloc(29);
    use(p);
    return p;
}

static NOINLINE void lose(void)
{
    make();
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
