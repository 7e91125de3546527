// SPDX-License-Identifier: MIT
//
// exitcode=23: a program that ends with 0 and has leaks ends with 23; its output is all there.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// STATUS: 23
// EXPECT: definite 109 1
// STDOUT: an unfinished line

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    printf("an unfinished line"); // still in stdio's buffer when main returns
    lose();
    return 0;
}
