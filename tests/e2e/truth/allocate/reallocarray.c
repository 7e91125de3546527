// SPDX-License-Identifier: MIT
//
// Seven elements of twelve bytes.
//
// EXPECT: definite 84 1

#include "truth.h"

void *volatile nothing;

static NOINLINE void lose(void)
{
    use(reallocarray(nothing, 7, 12));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
