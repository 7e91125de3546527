// SPDX-License-Identifier: MIT
//
// Of three things made, the error path frees two.
//
// EXPECT: definite 109 1

#include "truth.h"

static NOINLINE int open_all(void)
{
    char *a = malloc(108), *b = malloc(109), *c = malloc(110);
    use(a);
    use(b);
    use(c);
    free(c);
    free(a);
    return -1;
}

static NOINLINE void lose(void)
{
    CHECK(open_all() == -1);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
