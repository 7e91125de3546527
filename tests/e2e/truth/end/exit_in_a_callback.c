// SPDX-License-Identifier: MIT
//
// qsort's comparison ends the program.
//
// EXPECT: definite 212 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(212));
}

static int order(const void *a, const void *b)
{
    (void)a;
    (void)b;
    lose();
    TRUTH_POINT();
    exit(0);
}

int main(void)
{
    int number[4] = {4, 3, 2, 1};
    qsort(number, 4, sizeof *number, order);
    return 1;
}
