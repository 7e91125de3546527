// SPDX-License-Identifier: MIT
//
// A struct is assigned to another that already has a block.
//
// EXPECT: definite 38 1

#include "truth.h"

struct owner {
    char *data;
};

static NOINLINE void lose(void)
{
    struct owner a = {malloc(38)}, b = {malloc(39)};
    use(&a);
    a = b;
    use(&a);
    free(b.data);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
