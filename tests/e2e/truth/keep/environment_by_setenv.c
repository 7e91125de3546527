// SPDX-License-Identifier: MIT
//
// setenv makes the string itself, and the C library knows it.
//
// EXPECT: nothing
// KEPT: 23 1

#include "truth.h"

static NOINLINE void fill(void)
{
    CHECK(setenv("TRUTH_VARIABLE", "anything", 1) == 0);
    CHECK(strlen("TRUTH_VARIABLE=anything") == 23);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
