// SPDX-License-Identifier: MIT
//
// The name of a file without links and dots.
//
// EXPECT: definite ? 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *path = realpath("/proc/../proc", NULL);
    CHECK(path != NULL);
    use(path);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
