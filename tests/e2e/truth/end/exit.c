// SPDX-License-Identifier: MIT
//
// main calls exit.
//
// EXPECT: definite 205 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(205));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    exit(0);
}
