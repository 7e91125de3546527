// SPDX-License-Identifier: MIT
//
// The local that holds the first block gets the second, which is freed: the project's first example.
//
// EXPECT: definite 10 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *a = malloc(10);
    use(a);
    char *b = malloc(20);
    use(b);
    a = b;
    use(a);
    free(a);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
