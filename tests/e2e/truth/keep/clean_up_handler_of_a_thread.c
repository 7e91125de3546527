// SPDX-License-Identifier: MIT
//
// The argument of pthread_cleanup_push, on the stack of a thread that waits.
//
// EXPECT: nothing
// KEPT: 1031 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *p = malloc(1031);
    use(p);
    pthread_cleanup_push(free, p);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    pthread_cleanup_pop(1);
    return unused;
}

static NOINLINE void fill(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
