// SPDX-License-Identifier: MIT
//
// Blocks with the same stack are one record; the same function by another way is another.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 600 6
// STDERR-HAS: ^Direct leak of 400 byte\(s\) in 4 object\(s\)[^#]*#0 0x\.\. in lose {FILE}:{@malloc}\n    #1 0x\.\. in main {FILE}:{@loop}
// STDERR-HAS: ^Direct leak of 200 byte\(s\) in 2 object\(s\)[^#]*#0 0x\.\. in lose {FILE}:{@malloc}\n    #1 0x\.\. in other {FILE}:{@other}\n    #2 0x\.\. in main {FILE}:{@call}

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(100)); // @malloc
    __asm__ volatile("");
}

static NOINLINE void other(void)
{
    lose(); // @other
    __asm__ volatile("");
}

int main(void)
{
    for (volatile int i = 0; i < 4; i++)
        lose(); // @loop
    for (volatile int i = 0; i < 2; i++)
        other(); // @call
    return 0;
}
