// SPDX-License-Identifier: MIT
//
// A local of a block of code that is left.
//
// EXPECT: definite 12 1

#include "truth.h"

static NOINLINE void lose(void)
{
    {
        char *inner = malloc(12);
        use(inner);
    }
    char *other = NULL;
    use(other);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
