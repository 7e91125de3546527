// SPDX-License-Identifier: MIT
//
// The second half of a condition would have freed; it is not evaluated.
//
// EXPECT: definite 27 1

#include "truth.h"

volatile int yes = 1;

static NOINLINE int release(void *p)
{
    free(p);
    return 1;
}

static NOINLINE void lose(void)
{
    char *p = malloc(27);
    use(p);
    if (yes || release(p))
        use(NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
