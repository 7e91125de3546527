// SPDX-License-Identifier: MIT
//
// A folder that nobody can close any more. Unlike a FILE, nothing in the C library knows it.
//
// EXPECT: definite ? 1

#include "truth.h"

#include <dirent.h>

static NOINLINE void lose(void)
{
    use(opendir("/proc"));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
