// SPDX-License-Identifier: MIT
//
// setenv makes the string itself, and the C library knows it.
//
// EXPECT: nothing
// KEPT: 24 1

#include "truth.h"

static NOINLINE void fill(void)
{
    CHECK(setenv("TRUTH_VARIABLE", "anything", 1) == 0);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
