// SPDX-License-Identifier: MIT
//
// Megabytes that grow, by moving pages or by copying.
//
// EXPECT: definite 9000000 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc(1000000);
    memset(p, 1, 1000000);
    p = realloc(p, 9000000);
    CHECK(p[999999] == 1);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
