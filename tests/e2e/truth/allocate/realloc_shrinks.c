// SPDX-License-Identifier: MIT
//
// A block that shrank has the smaller size.
//
// EXPECT: definite 5 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc(5000);
    use(p);
    p = realloc(p, 5);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
