// SPDX-License-Identifier: MIT
//
// A recursion deeper than the limit: the innermost frames are kept, 32 by default, 256 at most.
//
// CFLAGS: -O0 | -O2 -fno-optimize-sibling-calls
// EXPECT: definite 109 1
// STDERR-HAS: ^    #31 0x\.\. in descend {FILE}:{@descend}\n\n
// CONTROL: stack_depth=256 => definite 109 1

#include "leaktest.h"

static NOINLINE int descend(int n)
{
    int result;
    if (n == 0) {
        use(malloc(109));
        result = 0;
    } else {
        result = 1 + descend(n - 1); // @descend
    }
    __asm__ volatile("" : "+r"(result));
    return result;
}

int main(void)
{
    return descend(1000) == 1000 ? 0 : 1;
}
