// SPDX-License-Identifier: MIT
//
// A detached thread ended long before.
//
// EXPECT: definite 219 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t gone;

static NOINLINE void lose(void)
{
    use(malloc(219));
}

static void *work(void *unused)
{
    lose();
    sem_post(&gone);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_detach(thread);
    while (sem_wait(&gone) != 0)
        continue;
    usleep(20000);
    TRUTH_POINT();
    exit(0);
}
