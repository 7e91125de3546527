// SPDX-License-Identifier: MIT
//
// A function remembers its last result only; it is called four times.
//
// EXPECT: definite 144 3
// KEPT: 48 1

#include "truth.h"

static NOINLINE char *last(void)
{
    static char *remembered;
    remembered = malloc(48);
    use(&remembered);
    return remembered;
}

static NOINLINE void lose(void)
{
    for (int i = 0; i < 4; i++)
        last();
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
