// SPDX-License-Identifier: MIT
//
// A handler's block: its stack goes on through the signal frame to the interrupted function.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\w+ in handler [^!]* in interrupted [^!]* in main

#include "leaktest.h"

#include <signal.h>

static void handler(int number)
{
    (void)number;
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
}

static NOINLINE void interrupted(void)
{
    raise(SIGUSR1);
    __asm__ volatile("");
}

int main(void)
{
    signal(SIGUSR1, handler);
    interrupted();
    return 0;
}
