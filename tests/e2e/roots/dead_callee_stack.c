// SPDX-License-Identifier: MIT
//
// A function's local is dead when the function has returned, even if main then calls exit().
//
// CFLAGS: -O0 | -O1 | -O2 | -Os
// EXPECT: definite 1009 1

#include "leaktest.h"

static NOINLINE void work(void)
{
    void *volatile local[8] = {0};
    local[5] = malloc(1009); // LEAK: definite 1009 1
}

int main(void)
{
    work();
    puts("done");
    exit(0);
}
