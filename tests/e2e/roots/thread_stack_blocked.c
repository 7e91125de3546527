// SPDX-License-Identifier: MIT
//
// A local of a thread that waits while main returns.
//
// EXPECT: nothing
// CONTROL: use_stacks=0 => has definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local[4] = {0};
    local[2] = reveal(hidden_malloc(1009));
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local[2]);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    return 0;
}
