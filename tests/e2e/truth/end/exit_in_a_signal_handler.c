// SPDX-License-Identifier: MIT
//
// A handler calls exit.
//
// EXPECT: definite 208 1

#include "truth.h"

#include <signal.h>

static NOINLINE void lose(void)
{
    use(malloc(208));
}

static void handle(int number)
{
    (void)number;
    TRUTH_POINT();
    exit(0);
}

int main(void)
{
    signal(SIGTERM, handle);
    lose();
    raise(SIGTERM);
    return 1;
}
