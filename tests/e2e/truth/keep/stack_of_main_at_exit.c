// SPDX-License-Identifier: MIT
//
// A local of main, when main calls exit: its frame is there to the end.
//
// EXPECT: nothing
// KEPT: 1022 1

#include "truth.h"

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1022);
}

int main(void)
{
    void *volatile local[4] = {0};
    fill(&local[2]);
    FORGET(local[2]);
    TRUTH_POINT();
    exit(0);
}
