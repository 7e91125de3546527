// SPDX-License-Identifier: MIT
//
// The callee writes a second block over the first one.
//
// EXPECT: definite 33 1

#include "truth.h"

static NOINLINE void make(char **ret)
{
    *ret = malloc(33);
    use(*ret);
    *ret = malloc(34);
}

static NOINLINE void lose(void)
{
    char *made;
    make(&made);
    free(made);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
