// SPDX-License-Identifier: MIT
//
// A thread keeps a pointer in the base of the segment GS, as runtimes do for their own thread data.
//
// CFLAGS: -O2 -DBY_EXIT | -O2 -DBY_THREAD
// ORACLE: not any: they do not read it
// EXPECT: nothing
// CONTROL: use_registers=0 => definite 1009 1
// CONTROL: -DCLEARED => definite 1009 1

#include "leaktest.h"

#include <asm/prctl.h>
#include <pthread.h>
#include <sys/syscall.h>

static pthread_barrier_t ready;

static NOINLINE void set(void)
{
    void *p = malloc(1009);
    use(p);
    CHECK(syscall(SYS_arch_prctl, ARCH_SET_GS, p) == 0);
#ifdef CLEARED
    CHECK(syscall(SYS_arch_prctl, ARCH_SET_GS, 0) == 0);
#endif
}

static UNUSED void *work(void *unused)
{
    set();
    clobber();
    pthread_barrier_wait(&ready);
    pause();
    return unused;
}

int main(void)
{
#ifdef BY_EXIT
    set();
#else
    pthread_t thread;
    pthread_barrier_init(&ready, NULL, 2);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_barrier_wait(&ready);
#endif
    return 0;
}
