// SPDX-License-Identifier: MIT
//
// main returns.
//
// EXPECT: definite 201 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(201));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
