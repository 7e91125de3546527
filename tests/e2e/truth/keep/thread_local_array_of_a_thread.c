// SPDX-License-Identifier: MIT
//
// A thread-local array of a thread that waits.
//
// EXPECT: nothing
// KEPT: 1017 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;
static __thread char *volatile mine[500];

static NOINLINE void fill(void)
{
    mine[499] = malloc(1017);
    FORGET(mine[499]);
}

static void *work(void *unused)
{
    fill();
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
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
