// SPDX-License-Identifier: MIT
//
// A stripped program: modules and offsets that objdump or addr2line understand.
//
// DEBUG: stripped
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. \({EXE}\+0x\.\.\)\n    #1 0x\.\. \({EXE}\+0x\.\.\)\n

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
