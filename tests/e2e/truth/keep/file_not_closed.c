// SPDX-License-Identifier: MIT
//
// A FILE is on the C library's list of open files, with its buffer.
//
// EXPECT: nothing
// KEPT: ? 2

#include "truth.h"

static NOINLINE void fill(void)
{
    FILE *file = fopen("/proc/self/stat", "r");
    CHECK(fgetc(file) > 0);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
