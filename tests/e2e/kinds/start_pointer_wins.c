// SPDX-License-Identifier: MIT
//
// A block with an interior and a start pointer is reachable, in whatever order they are found.
//
// CFLAGS: -O2 -DINTERIOR_FIRST=0 | -O2 -DINTERIOR_FIRST=1
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: reachable 80 2

#include "leaktest.h"

char *root[2];

int main(void)
{
    void **a = calloc(1, 32);
    a[1] = malloc(48);
    root[INTERIOR_FIRST] = (char *)a;
    root[!INTERIOR_FIRST] = (char *)a + 16;
    return 0;
}
