// SPDX-License-Identifier: MIT
//
// The same for stdout, which nobody closes.
//
// EXPECT: nothing
// KEPT: 1047 1

#include "truth.h"

static NOINLINE void fill(void)
{
    CHECK(setvbuf(stdout, malloc(1047), _IOFBF, 1047) == 0);
    puts("with a buffer of its own");
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
