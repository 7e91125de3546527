// SPDX-License-Identifier: MIT
//
// symbolize=0: module and offset, and the names that the modules export.
//
// CFLAGS: -O0 -rdynamic | -O2 -rdynamic
// ENV: LEAKGC_OPTIONS=symbolize=0
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. in exported_lose \({EXE}\+0x\.\.\)$
// STDERR-HAS: ^    #1 0x\.\. in main \({EXE}\+0x\.\.\)$
// STDERR-LACKS: without_symbols.c

#include "leaktest.h"

NOINLINE void exported_lose(void)
{
    void *p = malloc(109);
    use(p);
}

int main(void)
{
    exported_lose();
    return 0;
}
