// SPDX-License-Identifier: MIT
//
// A module's init is called twice.
//
// EXPECT: definite 49 1
// KEPT: 49 1

#include "truth.h"

static char *table;

static NOINLINE void init(void)
{
    table = malloc(49);
    use(&table);
}

static NOINLINE void lose(void)
{
    init();
    init();
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
