// SPDX-License-Identifier: MIT
//
// realloc of NULL is malloc.
//
// EXPECT: definite 44 1

#include "truth.h"

void *volatile nothing;

static NOINLINE void lose(void)
{
    use(realloc(nothing, 44));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
