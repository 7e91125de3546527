// SPDX-License-Identifier: MIT
//
// Two members of a union hold a block each, one after the other.
//
// EXPECT: definite 87 1
// KEPT: 16 1

#include "truth.h"

union two {
    char *text;
    long *numbers;
};
union two two;

static NOINLINE void lose(void)
{
    two.text = malloc(87);
    use(&two);
    two.numbers = calloc(2, sizeof(long));
    use(&two);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
