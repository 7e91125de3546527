// SPDX-License-Identifier: MIT
//
// A thread is inside of a signal handler; what it interrupted has the block.
//
// EXPECT: nothing
// KEPT: 1032 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

static sem_t ready, never;

static void handle(int number)
{
    (void)number;
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
}

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1032);
    FORGET(*place);
}

static void *work(void *unused)
{
    void *volatile local[8] = {0};
    fill(&local[3]);
    clobber();
    raise(SIGUSR1);
    use((void *)local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    signal(SIGUSR1, handle);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
    TRUTH_POINT();
    return 0;
}
