// SPDX-License-Identifier: MIT
//
// The same in a function that main calls.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: definite 10 1
// CONTROL: -DFIXED => nothing
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 10 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in work {FILE}:{@second}
//|     #1 0x.. in main {FILE}:{@call}
//|     ...
//|
//| SUMMARY: leakgc: 10 byte(s) leaked in 1 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 10 bytes in 1 blocks
//| ==PID==   indirectly lost: 0 bytes in 0 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: 0 bytes in 0 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include <stdlib.h>

__attribute__((noinline)) static void work(void)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10); // @second
#ifdef FIXED
    free(ptr2);
#endif
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
}

int main(void)
{
    work(); // @call
    return 0;
}
