// SPDX-License-Identifier: MIT
//
// A thread that a constructor starts, before main, and that waits when main returns.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *argument)
{
    void *volatile local = malloc(109);
    free(argument);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return NULL;
}

__attribute__((constructor)) static void begin(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, malloc(110)) == 0);
}

int main(void)
{
    sem_wait(&ready);
    return 0;
}
