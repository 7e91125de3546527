// SPDX-License-Identifier: MIT
//
// free of NULL does nothing.
//
// EXPECT: nothing

#include "truth.h"

void *volatile nothing;

static NOINLINE void lose(void)
{
    free(nothing);
    free(nothing);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
