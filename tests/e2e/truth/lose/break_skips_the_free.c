// SPDX-License-Identifier: MIT
//
// The round that leaves the loop does not free.
//
// EXPECT: definite 25 1

#include "truth.h"

static NOINLINE void lose(void)
{
    for (int i = 0; i < 5; i++) {
        char *p = malloc(25);
        use(p);
        if (i == 3)
            break;
        free(p);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
