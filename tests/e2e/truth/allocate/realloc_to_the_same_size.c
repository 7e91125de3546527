// SPDX-License-Identifier: MIT
//
// realloc that changes nothing.
//
// EXPECT: definite 60 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc(60);
    use(p);
    p = realloc(p, 60);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
