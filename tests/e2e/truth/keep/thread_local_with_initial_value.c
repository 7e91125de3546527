// SPDX-License-Identifier: MIT
//
// A thread-local variable that does not begin as zero.
//
// EXPECT: nothing
// KEPT: 1016 1

#include "truth.h"

static char other;
static __thread char *volatile mine = &other;

static NOINLINE void fill(void)
{
    mine = malloc(1016);
}

int main(void)
{
    fill();
    FORGET(mine);
    TRUTH_POINT();
    return 0;
}
