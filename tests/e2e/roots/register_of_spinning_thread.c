// SPDX-License-Identifier: MIT
//
// A thread that runs with its only pointer in a register, any register.
//
// CFLAGS: -O2 -DREGISTER=rax | -O2 -DREGISTER=rbx | -O2 -DREGISTER=rcx | -O2 -DREGISTER=rsi | -O2 -DREGISTER=rdi | -O2 -DREGISTER=r8 | -O2 -DREGISTER=r11 | -O2 -DREGISTER=r12 | -O2 -DREGISTER=r15 | -O2 -fomit-frame-pointer -DREGISTER=rbp
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
    __asm__ volatile("movq %0, %%" NAME(REGISTER) "\n"
                                                  "notq %%" NAME(REGISTER) "\n"
                                                                           "movl $1, %1\n"
                                                                           "1: pause\n"
                                                                           "jmp 1b\n"
                     :
                     : "m"(hidden), "m"(ready)
                     : "memory", NAME(REGISTER));
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
