// SPDX-License-Identifier: MIT
//
// Of two parents one is lost; the child is held by the other.
//
// EXPECT: definite 16 1
// KEPT: 24 1; 59 1

#include "truth.h"

void **kept;

static NOINLINE void lose(void)
{
    void **a = calloc(1, 16);
    kept = calloc(1, 24);
    a[0] = kept[0] = malloc(59);
    use(a);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
