// SPDX-License-Identifier: MIT
//
// A block at the start of a page.
//
// EXPECT: definite 72 1

#include "truth.h"

#include <malloc.h>

static NOINLINE void lose(void)
{
    use(valloc(72));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
