// SPDX-License-Identifier: MIT
//
// The compilers' ways to write debug information.
//
// CFLAGS: -O2 -gdwarf-4 | -O2 -gdwarf-5 | -O2 -gdwarf-3 | -O2 -gz | -O2 -g1 | -O2 -gsplit-dwarf | -O2 -ggdb3 | -O2 -ffunction-sections -Wl,--gc-sections | -O2 -fdebug-types-section
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\.\. in lose {FILE}:{@malloc}\n    #1 0x\.\. in main {FILE}:{@main}

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}

int main(void)
{
    lose(); // @main
    return 0;
}
