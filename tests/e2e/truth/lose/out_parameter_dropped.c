// SPDX-License-Identifier: MIT
//
// A function stores its block through a pointer to the caller's local.
//
// EXPECT: definite 32 1

#include "truth.h"

static NOINLINE int make(char **ret)
{
    *ret = malloc(32);
    return *ret != NULL;
}

static NOINLINE void lose(void)
{
    char *made;
    CHECK(make(&made));
    use(made);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
