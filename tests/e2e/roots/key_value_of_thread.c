// SPDX-License-Identifier: MIT
//
// A value of pthread_setspecific in a thread that waits, first and second level.
//
// CFLAGS: -O2 -DKEYS=3 | -O2 -DKEYS=100
// EXPECT: nothing
// CONTROL: -DCLEARED => definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;
static pthread_key_t key;

static NOINLINE void fill(void)
{
    CHECK(pthread_setspecific(key, malloc(1009)) == 0);
#ifdef CLEARED
    CHECK(pthread_setspecific(key, NULL) == 0);
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
    for (int i = 0; i < KEYS; i++)
        CHECK(pthread_key_create(&key, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    return 0;
}
