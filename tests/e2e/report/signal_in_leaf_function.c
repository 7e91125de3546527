// SPDX-License-Identifier: MIT
//
// The same where the signal hits a function at its first instruction, before it has a frame.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=on__exit=1
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\w+ in handler [^!]* in leaf[^!]* in main

#include "leaktest.h"

#include <signal.h>

static void handler(int number)
{
    (void)number;
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
    signal(SIGILL, SIG_DFL);
    _Exit(0); // it can't be resumed, so it ends here, with on__exit
}

#if defined(__x86_64__)
__asm__(".text\n.globl leaf\n.type leaf, @function\nleaf:\n.cfi_startproc\nud2\nret\n.cfi_endproc\n"
        ".size leaf, .-leaf\n");
#else
void leaf(void)
{
    __builtin_trap();
}
#endif

void leaf(void);

int main(void)
{
    signal(SIGILL, handler);
    leaf();
    return 0;
}
