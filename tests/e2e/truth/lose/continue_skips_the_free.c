// SPDX-License-Identifier: MIT
//
// A loop whose odd rounds begin the next round before the free.
//
// EXPECT: definite 96 4

#include "truth.h"

static NOINLINE void lose(void)
{
    for (int i = 0; i < 8; i++) {
        char *p = malloc(24);
        use(p);
        if (i % 2)
            continue;
        free(p);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
