// SPDX-License-Identifier: MIT
//
// Compilers move pointers through vector registers: one that is only there counts, too.
//
// CFLAGS: -O2 -DREGISTER=xmm3 | -O2 -DREGISTER=xmm12
// ORACLE: not valgrind: it does not read vector registers
// EXPECT: nothing
// CONTROL: use_registers=0 => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

#define TEXT(x) #x
#define NAME(x) TEXT(x)

static volatile int ready;
static uintptr_t hidden;

static void *work(void *unused)
{
#if defined(__x86_64__)
    clobber();
    __asm__ volatile("movq %0, %%rax\n"
                     "notq %%rax\n"
                     "movq %%rax, %%" NAME(REGISTER) "\n"
                                                     "xorl %%eax, %%eax\n"
                                                     "movl $1, %1\n"
                                                     "1: pause\n"
                                                     "jmp 1b\n"
                     :
                     : "m"(hidden), "m"(ready)
                     : "memory", "rax", NAME(REGISTER));
#endif
    return unused;
}

int main(void)
{
#if !defined(__x86_64__)
    SKIP("written for x86-64");
#endif
    pthread_t thread;
    hidden = hidden_malloc(1009);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!ready)
        usleep(1000);
    return 0;
}
