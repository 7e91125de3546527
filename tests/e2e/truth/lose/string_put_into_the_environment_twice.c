// SPDX-License-Identifier: MIT
//
// putenv keeps the program's own string; a second one for the same name takes its place.
//
// EXPECT: definite 20 1
// KEPT: 21 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *a = malloc(20), *b = malloc(21);
    strcpy(a, "TRUTH_A=1");
    strcpy(b, "TRUTH_A=2");
    CHECK(putenv(a) == 0 && putenv(b) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
