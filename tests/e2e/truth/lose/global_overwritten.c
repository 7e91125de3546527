// SPDX-License-Identifier: MIT
//
// A global gets NULL.
//
// EXPECT: definite 47 1

#include "truth.h"

char *global;

static NOINLINE void lose(void)
{
    global = malloc(47);
    use(global);
    global = NULL;
    use(&global);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
