// SPDX-License-Identifier: MIT
//
// A handler of SIGTERM that calls exit(): checked.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <signal.h>

static void handler(int number)
{
    (void)number;
    exit(0);
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    signal(SIGTERM, handler);
    lose();
    raise(SIGTERM);
    return 1;
}
