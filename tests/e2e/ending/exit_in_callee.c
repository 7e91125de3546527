// SPDX-License-Identifier: MIT
//
// exit() in a function that main calls.
//
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

static NOINLINE void leave(void)
{
    lose();
    exit(0);
}

int main(void)
{
    leave();
    return 1;
}
