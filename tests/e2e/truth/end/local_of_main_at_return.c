// SPDX-License-Identifier: MIT
//
// A local of main is dead when main has returned; at the point it was alive.
//
// EXPECT: definite 203 1
// LIVE: nothing

#include "truth.h"

int main(void)
{
    void *volatile local[4] = {0};
    local[2] = malloc(203);
    TRUTH_POINT();
    return 0;
}
