// SPDX-License-Identifier: MIT
//
// A variable of a function that outlives its calls.
//
// EXPECT: nothing
// KEPT: 1003 1

#include "truth.h"

static NOINLINE char **place(void)
{
    static char *remembered;
    use(&remembered);
    return &remembered;
}

static NOINLINE void fill(void)
{
    *place() = malloc(1003);
}

int main(void)
{
    fill();
    FORGET(*place());
    TRUTH_POINT();
    return 0;
}
