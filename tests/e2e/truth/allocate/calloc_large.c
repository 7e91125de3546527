// SPDX-License-Identifier: MIT
//
// A million numbers, never touched.
//
// EXPECT: definite 4000000 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(calloc(1000000, 4));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
