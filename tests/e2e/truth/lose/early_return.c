// SPDX-License-Identifier: MIT
//
// An error is found after the allocation, and the function returns without the free at its end.
//
// EXPECT: definite 21 1

#include "truth.h"

static NOINLINE int parse(const char *text)
{
    char *copy = malloc(21);
    use(copy);
    if (text[0] != '{')
        return -1;
    free(copy);
    return 0;
}

static NOINLINE void lose(void)
{
    CHECK(parse("{}") == 0);
    CHECK(parse("bad") == -1);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
