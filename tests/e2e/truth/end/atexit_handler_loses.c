// SPDX-License-Identifier: MIT
//
// A handler clears the global without freeing.
//
// EXPECT: definite 235 1

#include "truth.h"

static char *volatile root;

static void last(void)
{
    root = NULL;
    TRUTH_POINT();
}

int main(void)
{
    root = malloc(235);
    CHECK(atexit(last) == 0);
    return 0;
}
