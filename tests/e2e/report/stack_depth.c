// SPDX-License-Identifier: MIT
//
// stack_depth=N keeps the N innermost frames.
//
// CFLAGS: -O0 | -O2
// ENV: LEAKGC_OPTIONS=stack_depth=2
// EXPECT: definite 109 1
// STDERR-HAS: ^    #1 0x\.\. in middle {FILE}:{@middle}\n\n
// STDERR-LACKS: ^    #2

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
}

static NOINLINE void middle(void)
{
    lose(); // @middle
    __asm__ volatile("");
}

int main(void)
{
    middle();
    return 0;
}
