// SPDX-License-Identifier: MIT
//
// The return value of a detached thread is nobody's: detached at its start, while it ran, or after
// its end.
//
// CFLAGS: -O2 -DAT_START | -O2 -DWHILE_RUNNING | -O2 -DAFTER_END
// ENV: LEAKGC_OPTIONS=interval=0
// EXPECT: definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t detached;

static void *work(void *unused)
{
    (void)unused;
    while (sem_wait(&detached) != 0)
        continue;
    void *p = malloc(1009); // LEAK: definite 1009 1
    use(p);
    return p;
}

static NOINLINE void start(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
#ifdef AT_START
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
#endif
    CHECK(pthread_create(&thread, &attributes, work, NULL) == 0);
    pthread_attr_destroy(&attributes);
#ifdef WHILE_RUNNING
    CHECK(pthread_detach(thread) == 0);
#endif
    sem_post(&detached);
    await_alone();
#ifdef AFTER_END
    CHECK(pthread_detach(thread) == 0);
#endif
}

int main(void)
{
    start();
    return 0;
}
