// SPDX-License-Identifier: MIT
//
// Two structs have the block; both end.
//
// EXPECT: definite 37 1

#include "truth.h"

struct owner {
    char *data;
};

static NOINLINE void lose(void)
{
    struct owner a = {malloc(37)}, b = a;
    use(&a);
    use(&b);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
