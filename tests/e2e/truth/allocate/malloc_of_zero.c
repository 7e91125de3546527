// SPDX-License-Identifier: MIT
//
// A block of no bytes is a block: it must be freed.
//
// EXPECT: definite 0 1

#include "truth.h"

volatile size_t none = 0;

static NOINLINE void lose(void)
{
    use(malloc(none));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
