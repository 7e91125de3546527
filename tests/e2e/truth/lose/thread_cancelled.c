// SPDX-License-Identifier: MIT
//
// A thread is cancelled while it waits, between malloc and free.
//
// EXPECT: definite 71 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    char *p = malloc(71);
    use(p);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    free(p);
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
    pthread_cancel(thread);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
