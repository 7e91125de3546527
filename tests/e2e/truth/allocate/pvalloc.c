// SPDX-License-Identifier: MIT
//
// pvalloc rounds the size up to whole pages, and all of them are the program's.
//
// EXPECT: definite 4096 1

#include "truth.h"

#include <malloc.h>

static NOINLINE void lose(void)
{
    char *p = pvalloc(73);
    memset(p, 1, 4096);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
