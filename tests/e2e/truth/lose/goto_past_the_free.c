// SPDX-License-Identifier: MIT
//
// A jump to the wrong label of the clean-up.
//
// EXPECT: definite 22 1

#include "truth.h"

static NOINLINE void lose(void)
{
    int number = 0;
    char *a = malloc(22), *b = malloc(23);
    use(a);
    use(&number);
    use(b);
    if (number == 0)
        goto free_b;
    free(a);
free_b:
    free(b);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
