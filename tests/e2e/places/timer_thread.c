// SPDX-License-Identifier: MIT
//
// Threads that libc starts itself, for a timer's SIGEV_THREAD.
//
// EXPECT: nothing

#include "leaktest.h"

#include <semaphore.h>
#include <signal.h>
#include <time.h>

static sem_t done;

static void expired(union sigval value)
{
    free(value.sival_ptr);
    sem_post(&done);
}

int main(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD};
    struct itimerspec soon = {.it_value = {0, 1000000}};
    timer_t timer;
    event.sigev_notify_function = expired;
    event.sigev_value.sival_ptr = malloc(100);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
    sem_wait(&done);
    CHECK(timer_delete(timer) == 0);
    return 0;
}
