// SPDX-License-Identifier: MIT
//
// stack_depth=256: two hundred frames, all of them, down to _start.
//
// CFLAGS: -O0 | -O2 -fno-optimize-sibling-calls
// ENV: LEAKGC_OPTIONS=stack_depth=256
// EXPECT: definite 109 1
// STDERR-HAS: ^    #200 0x\w+ in descend
// STDERR-HAS: ^    #201 0x\w+ in main
// STDERR-HAS: ^    #20\d 0x\w+ in _start

#include "leaktest.h"

static NOINLINE int descend(int n)
{
    int result;
    if (n == 0) {
        use(malloc(109));
        result = 0;
    } else {
        result = 1 + descend(n - 1);
    }
    __asm__ volatile("" : "+r"(result));
    return result;
}

int main(void)
{
    return descend(200) == 200 ? 0 : 1;
}
