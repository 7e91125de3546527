// SPDX-License-Identifier: MIT
//
// A local of a thread that waits for ever.
//
// EXPECT: nothing
// KEPT: 1024 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1024);
    FORGET(*place);
}

static void *work(void *unused)
{
    void *volatile local[8] = {0};
    fill(&local[4]);
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use((void *)local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
    TRUTH_POINT();
    return 0;
}
