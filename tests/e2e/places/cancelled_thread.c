// SPDX-License-Identifier: MIT
//
// A cancelled thread: what its cleanup handlers free is no leak, the rest of its stack is.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready;

static void *work(void *unused)
{
    void *volatile p = malloc(109); // LEAK: definite 109 1
    void *q = malloc(110);
#ifdef FIXED
    pthread_cleanup_push(free, p);
#endif
    pthread_cleanup_push(free, q);
    sem_post(&ready);
    for (;;)
        pause();
    pthread_cleanup_pop(1);
#ifdef FIXED
    pthread_cleanup_pop(1);
#endif
    use(p);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
