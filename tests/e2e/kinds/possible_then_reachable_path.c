// SPDX-License-Identifier: MIT
//
// BBB has an interior chain from one root and a start chain from another: it is reachable, and so
// is what it points to.
//
// CFLAGS: -O2 -DFIRST=0 | -O2 -DFIRST=1
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: possible 24 1; reachable 184 3

#include "leaktest.h"

void *root[2];

int main(void)
{
    void **weak = calloc(1, 24);   // reached by an interior pointer only
    void **strong = calloc(1, 40); // reached by a start pointer
    void **shared = calloc(1, 64);
    shared[3] = malloc(80);
    weak[0] = shared;
    strong[0] = shared;
    root[FIRST] = (char *)weak + 8;
    root[!FIRST] = strong;
    return 0;
}
