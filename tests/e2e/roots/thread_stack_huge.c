// SPDX-License-Identifier: MIT
//
// A thread with a stack of 4 GB, hardly touched: the scan costs nothing.
//
// TIMEOUT: 10
// EXPECT: nothing
// CONTROL: use_stacks=0 => has definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local = malloc(1009);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, (size_t)4 << 30) == 0);
    if (pthread_create(&thread, &attributes, work, NULL) != 0)
        SKIP("no address space for a stack of 4 GB");
    sem_wait(&ready);
    return 0;
}
