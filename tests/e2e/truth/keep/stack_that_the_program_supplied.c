// SPDX-License-Identifier: MIT
//
// A thread on a stack of malloc: the stack is kept by the thread, the block by the stack.
//
// EXPECT: nothing
// KEPT: 263171 2
// GONE: definite 1027 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1027);
    FORGET(*place);
}

static void *work(void *unused)
{
    void *volatile local[8] = {0};
    fill(&local[4]);
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use((void *)local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstack(&attributes, aligned_alloc(4096, 262144), 262144) == 0);
    CHECK(pthread_create(&thread, &attributes, work, NULL) == 0);
    while (sem_wait(&ready) != 0)
        continue;
    TRUTH_POINT();
    return 0;
}
