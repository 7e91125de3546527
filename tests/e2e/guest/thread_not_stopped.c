// SPDX-License-Identifier: MIT
//
// A thread that blocks the stop signal behind the library's back: the first line of the report says that it could
// not be stopped. A report without leaks, with verbose=1, too; without it, nothing is said.
//
// CFLAGS: -O2
// STDERR-HAS: \A==PID==leakgc: incomplete: 1 thread\(s\) could not be stopped \(the first: \d+\); their registers were not searched\n\n=====
// STDERR-HAS: definitely lost: 109 bytes in 1 blocks
// CONTROL: -DSTOPS => definite 109 1
// CONTROL: -DNO_LEAK => nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/syscall.h>

static pthread_barrier_t there;

static void *work(void *unused)
{
    uint64_t all = ~(uint64_t)0;
#ifndef STOPS
    CHECK(syscall(SYS_rt_sigprocmask, 0, &all, NULL, sizeof all) == 0);
#else
    use(&all);
#endif
    pthread_barrier_wait(&there);
    for (;;)
        pause();
    return unused;
}

static NOINLINE UNUSED void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_barrier_init(&there, NULL, 2) == 0);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_barrier_wait(&there);
#ifndef NO_LEAK
    lose();
#endif
    return 0;
}
