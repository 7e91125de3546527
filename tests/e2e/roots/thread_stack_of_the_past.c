// SPDX-License-Identifier: MIT
//
// The stack of a thread that ended is kept by glibc for the next one; what stands in it is no root.
//
// EXPECT: definite 1009 1
// CONTROL: -DLIVE => nothing

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local[4] = {0};
    local[1] = malloc(1009); // LEAK: definite 1009 1
    sem_post(&ready);
#ifdef LIVE
    while (sem_wait(&never) != 0)
        continue;
#endif
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
#ifndef LIVE
    CHECK(pthread_join(thread, NULL) == 0);
#endif
    return 0;
}
