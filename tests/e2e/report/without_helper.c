// SPDX-License-Identifier: MIT
//
// A helper that is not there: the report comes all the same, with modules and offsets.
//
// CFLAGS: -O0 -rdynamic | -O2 -rdynamic
// ENV: LEAKGC_OPTIONS=helper=/no/such/leakgc
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. in exported_lose \({EXE}\+0x\.\.\)$
// STDERR-HAS: ^    #1 0x\.\. in main \({EXE}\+0x\.\.\)$

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
