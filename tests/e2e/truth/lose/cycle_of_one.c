// SPDX-License-Identifier: MIT
//
// A block that points to itself.
//
// EXPECT: definite 48 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void **p = calloc(1, 48);
    p[2] = p;
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
