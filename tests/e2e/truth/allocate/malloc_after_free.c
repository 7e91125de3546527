// SPDX-License-Identifier: MIT
//
// The second block of a size takes the first one's place; it is lost, the first was freed.
//
// EXPECT: definite 24 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void *p = malloc(24);
    use(p);
    free(p);
    use(malloc(24));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
