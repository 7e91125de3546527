// SPDX-License-Identifier: MIT
//
// Allocated and freed.
//
// EXPECT: nothing

#include "truth.h"

static NOINLINE void lose(void)
{
    void *p = malloc(20);
    use(p);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
