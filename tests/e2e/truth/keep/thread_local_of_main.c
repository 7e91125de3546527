// SPDX-License-Identifier: MIT
//
// A thread-local variable of the main thread.
//
// EXPECT: nothing
// KEPT: 1015 1

#include "truth.h"

static __thread char *volatile mine;

static NOINLINE void fill(void)
{
    mine = malloc(1015);
}

int main(void)
{
    fill();
    FORGET(mine);
    TRUTH_POINT();
    return 0;
}
