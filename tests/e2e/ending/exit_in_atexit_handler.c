// SPDX-License-Identifier: MIT
//
// A handler that calls exit() again, which glibc allows: one report.
//
// STATUS: 0
// EXPECT: definite 109 1

#include "leaktest.h"

static void handler(void)
{
    exit(0);
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    CHECK(atexit(handler) == 0);
    lose();
    return 3;
}
