// SPDX-License-Identifier: MIT
//
// p = realloc(p, too much): NULL takes the place of the block that is still there.
//
// EXPECT: definite 19 1

#include "truth.h"

volatile size_t too_much = SIZE_MAX / 4;

static NOINLINE void lose(void)
{
    char *p = malloc(19);
    use(p);
    p = realloc(p, too_much);
    CHECK(p == NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
