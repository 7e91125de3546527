// SPDX-License-Identifier: MIT
//
// Four threads wait, one of them has a block on its stack.
//
// EXPECT: definite 216 1
// KEPT: 217 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static NOINLINE void lose(void)
{
    use(malloc(216));
}

static void *work(void *argument)
{
    void *volatile mine = argument ? malloc(217) : NULL;
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(mine);
    return NULL;
}

int main(void)
{
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, work, i == 2 ? &ready : NULL) == 0);
    }
    for (int i = 0; i < 4; i++)
        while (sem_wait(&ready) != 0)
            continue;
    lose();
    TRUTH_POINT();
    exit(0);
}
