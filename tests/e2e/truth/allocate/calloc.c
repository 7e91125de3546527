// SPDX-License-Identifier: MIT
//
// Ten elements of twelve bytes.
//
// EXPECT: definite 120 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(calloc(10, 12));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
