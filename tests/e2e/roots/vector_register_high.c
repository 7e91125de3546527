// SPDX-License-Identifier: MIT
//
// The upper halves of vector registers, the registers beyond the sixteenth, and masks: a pointer that is
// only there counts.
//
// CFLAGS: -O2 -DPLACE=1 | -O2 -DPLACE=2 | -O2 -DPLACE=3 | -O2 -DPLACE=4 | -O2 -DPLACE=5
// ORACLE: not valgrind: it does not read vector registers
// EXPECT: nothing
// CONTROL: use_registers=0 => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

// From rax to the place, and rax is clear.
#if PLACE == 1 // upper half of a YMM register
#define FEATURE "avx2"
#define MOVE "movq %%rax, %%xmm0; vpbroadcastq %%xmm0, %%ymm5; vpxor %%xmm0, %%xmm0, %%xmm0;" \
             "vperm2i128 $0x08, %%ymm5, %%ymm5, %%ymm5;"
#elif PLACE == 2 // top of a ZMM register
#define FEATURE "avx512f"
#define MOVE "movq %%rax, %%xmm0; vpbroadcastq %%xmm0, %%zmm7; vpxor %%xmm0, %%xmm0, %%xmm0;" \
             "movl $0x80, %%eax; kmovw %%eax, %%k1; vmovdqa64 %%zmm7, %%zmm7 %{%%k1%}%{z%};"
#elif PLACE == 3 // one of the registers 16 to 31
#define FEATURE "avx512f"
#define MOVE "vpxorq %%zmm29, %%zmm29, %%zmm29; movq %%rax, %%xmm0; vmovdqa64 %%zmm0, %%zmm29;" \
             "vpxor %%xmm0, %%xmm0, %%xmm0;"
#elif PLACE == 4 // a mask
#define FEATURE "avx512bw"
#define MOVE "kmovq %%rax, %%k3;"
#else // MMX
#define FEATURE "mmx"
#define MOVE "movq %%rax, %%mm4;"
#endif

static volatile int ready;
static uintptr_t hidden;

static void *work(void *unused)
{
#if defined(__x86_64__)
    clobber();
    __asm__ volatile("movq %0, %%rax; notq %%rax;" MOVE "xorl %%eax, %%eax; movl $1, %1\n"
                     "1: pause\n"
                     "jmp 1b\n"
                     :
                     : "m"(hidden), "m"(ready)
                     : "memory", "rax", "xmm0", "xmm5", "xmm7");
#endif
    return unused;
}

int main(void)
{
#if !defined(__x86_64__)
    SKIP("written for x86-64");
#else
    if (!__builtin_cpu_supports(FEATURE))
        SKIP("this processor does not have these registers");
#endif
    pthread_t thread;
    hidden = hidden_malloc(1009);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!ready)
        usleep(1000);
    return 0;
}
