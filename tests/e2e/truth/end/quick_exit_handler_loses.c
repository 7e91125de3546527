// SPDX-License-Identifier: MIT
//
// A handler of at_quick_exit forgets a block.
//
// EXPECT: definite 224 1

#include "truth.h"

#include <stdlib.h>

static void *volatile kept;

static void last(void)
{
    kept = NULL;
    TRUTH_POINT();
}

int main(void)
{
    kept = malloc(224);
    CHECK(at_quick_exit(last) == 0);
    quick_exit(0);
}
