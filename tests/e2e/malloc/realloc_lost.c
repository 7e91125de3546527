// SPDX-License-Identifier: MIT
//
// A block that realloc has moved or grown counts with its last size, at the place of the last
// realloc.
//
// EXPECT: definite 100500 2

#include "leaktest.h"

static NOINLINE void lose(void)
{
    char *p = malloc(10);
    p = realloc(p, 100000); // LEAK: definite 100000 1
    use(p);
    char *q = malloc(10000);
    q = realloc(q, 500); // LEAK: definite 500 1
    use(q);
}

int main(void)
{
    lose();
    return 0;
}
