// SPDX-License-Identifier: MIT
//
// A thread got the block as its argument and still has it.
//
// EXPECT: nothing
// KEPT: 1029 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *argument)
{
    void *volatile mine = argument;
    argument = NULL;
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(mine);
    return NULL;
}

static NOINLINE void fill(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, malloc(1029)) == 0);
    while (sem_wait(&ready) != 0)
        continue;
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
