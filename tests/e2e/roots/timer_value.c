// SPDX-License-Identifier: MIT
//
// A timer hands its signal handler a pointer that only the kernel has kept.
//
// ORACLE: not any: they do not ask the kernel
// EXPECT: nothing
// CONTROL: use_kernel=0 => definite 1009 1
// CONTROL: -DDELETED => definite 1009 1

#include "leaktest.h"

#include <signal.h>
#include <time.h>

static NOINLINE void start(void)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    event.sigev_value.sival_ptr = malloc(1009);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    if (access("/proc/self/timers", R_OK))
        SKIP("this kernel does not tell about timers");
#ifdef DELETED
    timer_delete(timer);
#endif
}

int main(void)
{
    start();
    return 0;
}
