// SPDX-License-Identifier: MIT
//
// A copy of a string, with its end.
//
// EXPECT: definite 10 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(strdup("nine char"));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
