// SPDX-License-Identifier: MIT
//
// A struct on the stack has two blocks.
//
// EXPECT: definite 30 2

#include "truth.h"

struct pair {
    char *left, *right;
};

static NOINLINE void lose(void)
{
    struct pair pair = {malloc(13), malloc(17)};
    use(&pair);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
