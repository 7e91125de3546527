// SPDX-License-Identifier: MIT
//
// main runs to its closing brace.
//
// EXPECT: definite 204 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(204));
}

int main(void)
{
    lose();
    TRUTH_POINT();
}
