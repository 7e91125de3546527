// SPDX-License-Identifier: MIT
//
// Functions that the compiler has put into others are frames of their own.
//
// CFLAGS: -O2 | -O3
// EXPECT: definite 109 1
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 109 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in innermost {FILE}:{@innermost}
//|     #1 0x.. in inner {FILE}:{@inner}
//|     #2 0x.. in outer {FILE}:{@outer}
//|     #3 0x.. in main {FILE}:{@main}
//|     ...
//|
//| SUMMARY: leakgc: 109 byte(s) leaked in 1 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 109 bytes in 1 blocks
//| ==PID==   indirectly lost: 0 bytes in 0 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: 0 bytes in 0 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

__attribute__((always_inline)) static inline void *innermost(size_t size)
{
    return malloc(size); // @innermost
}

__attribute__((always_inline)) static inline void *inner(size_t size)
{
    return innermost(size + 1); // @inner
}

static NOINLINE void outer(void)
{
    use(inner(108)); // @outer
}

int main(void)
{
    outer(); // @main
    return 0;
}
