// SPDX-License-Identifier: MIT
//
// The end of a block is not a part of it.
//
// EXPECT: definite 96 1

#include "truth.h"

char *end;

static NOINLINE void lose(void)
{
    end = (char *)malloc(96) + 96;
    use(&end);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
