// SPDX-License-Identifier: MIT
//
// One case of a switch forgets to free.
//
// EXPECT: definite 26 1

#include "truth.h"

volatile int state = 2;

static NOINLINE void lose(void)
{
    char *p = malloc(26);
    use(p);
    switch (state) {
    case 1:
        free(p);
        break;
    case 2:
        break;
    default:
        free(p);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
