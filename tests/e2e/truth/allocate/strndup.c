// SPDX-License-Identifier: MIT
//
// A copy of a string's first four characters.
//
// EXPECT: definite 5 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(strndup("long string", 4));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
