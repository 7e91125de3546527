// SPDX-License-Identifier: MIT
//
// A string that is part of the environment.
//
// EXPECT: nothing
// KEPT: 1044 1

#include "truth.h"

static NOINLINE void fill(void)
{
    char *text = malloc(1044);
    strcpy(text, "TRUTH_KEEP=1");
    CHECK(putenv(text) == 0);
}

int main(void)
{
    fill();
#ifdef GONE
    unsetenv("TRUTH_KEEP");
#endif
    TRUTH_POINT();
    return 0;
}
