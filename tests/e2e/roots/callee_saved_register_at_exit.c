// SPDX-License-Identifier: MIT
//
// At the call of exit(), a callee-saved register holds a value that a function further up would
// still use, had exit() returned.
//
// CFLAGS: -O2
// EXPECT: nothing
// CONTROL: use_registers=0:use_stacks=0 => definite 1009 1

#include "leaktest.h"

static NOINLINE void leave(int status)
{
    if (status < 2)
        exit(status);
    __asm__ volatile("" : : : "memory");
}

int main(int argc, char **argv)
{
    char *p = malloc(1009); // lives in rbx or the like across the call
    (void)argv;
    leave(argc - 1);
    use(p);
    return 0;
}
