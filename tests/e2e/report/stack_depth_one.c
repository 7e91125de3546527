// SPDX-License-Identifier: MIT
//
// stack_depth=1 keeps the caller of malloc.
//
// CFLAGS: -O0 | -O2
// ENV: LEAKGC_OPTIONS=stack_depth=1
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. in lose {FILE}:{@malloc}\n\n
// STDERR-LACKS: ^    #1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
