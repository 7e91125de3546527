// SPDX-License-Identifier: MIT
//
// A megabyte.
//
// EXPECT: definite 1000000 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc(1000000);
    p[0] = p[999999] = 1;
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
