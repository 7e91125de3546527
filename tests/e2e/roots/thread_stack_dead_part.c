// SPDX-License-Identifier: MIT
//
// What stands below the stack pointer of a waiting thread is dead.
//
// EXPECT: definite 1009 1
// CONTROL: -DLIVE => nothing

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static NOINLINE void wait_for_ever(void)
{
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
}

static NOINLINE void deep(void)
{
    char *volatile local[40000] = {0};
    local[7] = malloc(1009); // LEAK: definite 1009 1
#ifdef LIVE
    wait_for_ever();
#endif
    use(local[8]);
}

static void *work(void *unused)
{
    deep();
    clobber();
    wait_for_ever();
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    return 0;
}
