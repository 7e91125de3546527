// SPDX-License-Identifier: MIT
//
// A timer that starts threads: its value stands in a block of libc's, which counts.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 1009 1

#include "leaktest.h"

#include <signal.h>
#include <time.h>

static void expired(union sigval value)
{
    use(value.sival_ptr);
}

static NOINLINE void start(void)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = expired};
    void *p = malloc(1009);
    use(p);
#ifndef LOSE
    event.sigev_value.sival_ptr = p;
#endif
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
}

int main(void)
{
    start();
    return 0;
}
