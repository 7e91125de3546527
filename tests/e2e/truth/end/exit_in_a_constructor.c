// SPDX-License-Identifier: MIT
//
// The program ends before main.
//
// EXPECT: definite 213 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(213));
}

__attribute__((constructor)) static void early(void)
{
    lose();
    TRUTH_POINT();
    exit(0);
}

int main(void)
{
    return 1;
}
