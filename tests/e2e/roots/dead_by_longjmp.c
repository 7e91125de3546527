// SPDX-License-Identifier: MIT
//
// The frames that longjmp has left are dead.
//
// EXPECT: definite 1009 1

#include "leaktest.h"

#include <setjmp.h>

static jmp_buf back;

static NOINLINE void work(void)
{
    void *volatile local = malloc(1009); // LEAK: definite 1009 1
    (void)local;
    longjmp(back, 1);
}

static NOINLINE void try_work(void)
{
    if (setjmp(back) == 0)
        work();
}

int main(void)
{
    try_work();
    puts("done");
    return 0;
}
