// SPDX-License-Identifier: MIT
//
// An alternate signal stack from malloc whose address only the kernel still has: it is in use.
//
// ORACLE: not any: they do not ask the kernel
// EXPECT: nothing
// CONTROL: use_stacks=0 => definite 65536 1

#include "leaktest.h"

#include <signal.h>

static NOINLINE void give_stack(void)
{
    stack_t stack = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)};
    CHECK(sigaltstack(&stack, NULL) == 0);
}

int main(void)
{
    give_stack();
    puts("done");
    return 0;
}
