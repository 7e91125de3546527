// SPDX-License-Identifier: MIT
//
// main returns a status, which stays.
//
// EXPECT: definite 202 1
// STATUS: 5

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(202));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 5;
}
