// SPDX-License-Identifier: MIT
//
// exitcode with exit(0) deep in the program, and handlers of its own that run before.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// STATUS: 23
// EXPECT: definite 109 1
// STDOUT: in main
// STDOUT: handler

#include "leaktest.h"

static void handler(void)
{
    printf("handler\n");
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

static NOINLINE void leave(void)
{
    printf("in main\n");
    exit(0);
}

int main(void)
{
    CHECK(atexit(handler) == 0);
    lose();
    leave();
    return 1;
}
