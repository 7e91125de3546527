// SPDX-License-Identifier: MIT
//
// The smallest block with contents.
//
// EXPECT: definite 1 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *c = malloc(1);
    *c = 'x';
    use(c);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
