// SPDX-License-Identifier: MIT
//
// quick_exit: its own handlers run, then the check.
//
// EXPECT: definite 109 1
// STDOUT: handler

#include "leaktest.h"

static void handler(void)
{
    CHECK(write(1, "handler\n", 8) == 8);
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    CHECK(at_quick_exit(handler) == 0);
    lose();
    quick_exit(0);
}
