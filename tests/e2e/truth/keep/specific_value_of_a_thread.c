// SPDX-License-Identifier: MIT
//
// The value of a thread that waits.
//
// EXPECT: nothing
// KEPT: 1021 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;
static pthread_key_t key;

static NOINLINE void fill(void)
{
    pthread_setspecific(key, malloc(1021));
#ifdef GONE
    pthread_setspecific(key, NULL);
#endif
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
    CHECK(pthread_key_create(&key, free) == 0 && pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
    TRUTH_POINT();
    return 0;
}
