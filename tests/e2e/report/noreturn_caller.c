// SPDX-License-Identifier: MIT
//
// The last instruction of a function is a call that never returns: the frame is still that function
// and that line, not what the linker has put behind it.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 109 1
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 109 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in last {FILE}:{@malloc}
//|     #1 0x.. in caller {FILE}:{@caller}
//|     #2 0x.. in main {FILE}:{@main}
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

static NOINLINE __attribute__((noreturn)) void last(void)
{
    use(malloc(109)); // @malloc
    exit(0);
}

static NOINLINE __attribute__((noreturn)) void caller(void)
{
    last(); // @caller
}

static NOINLINE __attribute__((used)) void behind(void)
{
    puts("never called");
}

int main(void)
{
    caller(); // @main
}
