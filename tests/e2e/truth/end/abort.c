// SPDX-License-Identifier: MIT
//
// A program that aborts is not searched.
//
// EXPECT: no report
// LIVE: definite 227 1
// SIGNAL: ABRT

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(227));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    abort();
}
