// SPDX-License-Identifier: MIT
//
// A program without debug information, but with symbols: the functions' names.
//
// CFLAGS: -O0 -g0 | -O2 -g0
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. in lose \({EXE}\+0x\.\.\)\n    #1 0x\.\. in main \({EXE}\+0x\.\.\)\n

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109);
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
