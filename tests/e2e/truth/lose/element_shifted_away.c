// SPDX-License-Identifier: MIT
//
// The first element is removed from an array by moving the others down, and not freed.
//
// EXPECT: definite 52 1
// KEPT: 53 1; 54 1; 55 1

#include "truth.h"

char *item[4];

static NOINLINE void lose(void)
{
    for (size_t i = 0; i < 4; i++)
        item[i] = malloc(52 + i);
    use(item);
    memmove(item, item + 1, sizeof item - sizeof *item);
    item[3] = NULL;
    use(item);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
