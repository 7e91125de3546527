// SPDX-License-Identifier: MIT
//
// A program that fails by itself keeps its own status.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// STATUS: 3
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    lose();
    return 3;
}
