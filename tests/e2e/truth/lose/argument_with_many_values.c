// SPDX-License-Identifier: MIT
//
// Blocks given to a function with variable arguments, which only counts them.
//
// EXPECT: definite 330 3

#include "truth.h"

#include <stdarg.h>

static NOINLINE int count(int first, ...)
{
    int n = 0;
    va_list list;
    va_start(list, first);
    while (va_arg(list, void *))
        n++;
    va_end(list);
    return n;
}

static NOINLINE void lose(void)
{
    CHECK(count(0, malloc(109), malloc(110), malloc(111), NULL) == 3);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
