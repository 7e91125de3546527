// SPDX-License-Identifier: MIT
//
// Forty numbers.
//
// EXPECT: definite 160 1

#include "truth.h"

static NOINLINE void lose()
{
    use(new int[40]);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
