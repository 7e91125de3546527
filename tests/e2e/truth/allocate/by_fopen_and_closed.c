// SPDX-License-Identifier: MIT
//
// A file that is opened, read and closed.
//
// EXPECT: nothing

#include "truth.h"

static NOINLINE void lose(void)
{
    char text[16];
    FILE *file = fopen("/proc/self/stat", "r");
    CHECK(fread(text, 1, sizeof text, file) > 0);
    fclose(file);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
