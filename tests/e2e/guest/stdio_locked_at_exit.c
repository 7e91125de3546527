// SPDX-License-Identifier: MIT
//
// exit() with a thread that holds a lock of stdio and of its own, blocked for ever: we don't wait for it.
//
// TIMEOUT: 10
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    flockfile(stdin);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    lose();
    quick_exit(0);
}
