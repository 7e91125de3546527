// SPDX-License-Identifier: MIT
//
// Ten blocks in an array of a function that returns. Their sizes are 2 to 11.
//
// EXPECT: definite 65 10

#include "truth.h"

static NOINLINE void lose(void)
{
    void *p[10];
    for (size_t i = 0; i < 10; i++)
        p[i] = malloc(i + 2);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
