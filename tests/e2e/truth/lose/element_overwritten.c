// SPDX-License-Identifier: MIT
//
// One element of a global array.
//
// EXPECT: definite 51 1

#include "truth.h"

char *slot[16];

static NOINLINE void lose(void)
{
    slot[7] = malloc(51);
    use(slot);
    slot[7] = NULL;
    use(slot);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
