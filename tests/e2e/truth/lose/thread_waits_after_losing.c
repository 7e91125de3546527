// SPDX-License-Identifier: MIT
//
// A thread loses a block in a callee and lives on; what it left on its stack is dead.
//
// EXPECT: definite 75 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t lost, never;

static NOINLINE void drop(void)
{
    use(malloc(75));
}

static void *work(void *unused)
{
    drop();
    clobber();
    sem_post(&lost);
    while (sem_wait(&never) != 0)
        continue;
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (sem_wait(&lost) != 0)
        continue;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
