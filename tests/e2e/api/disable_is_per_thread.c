// SPDX-License-Identifier: MIT
//
// leakgc_disable in one thread says nothing about another, which allocates at the same time.
//
// EXPECT: definite 20 1
// CONTROL: -DBOTH => nothing
// CONTROL: -DNONE => definite 30 2

#include "apitest.h"

#include <pthread.h>

static pthread_barrier_t barrier;

static void *other(void *unused)
{
    pthread_barrier_wait(&barrier);
#ifdef BOTH
    if (WITH)
        leakgc_disable();
#endif
    use(malloc(20));
    pthread_barrier_wait(&barrier);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, other, NULL);
#ifndef NONE
    if (WITH)
        leakgc_disable();
#endif
    pthread_barrier_wait(&barrier);
    use(malloc(10));
    pthread_barrier_wait(&barrier);
    if (WITH)
        leakgc_enable();
    pthread_join(thread, NULL);
    return 0;
}
