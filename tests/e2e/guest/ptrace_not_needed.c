// SPDX-License-Identifier: MIT
//
// A process that is traced already (a debugger, strace) and may not be dumped is checked as others are.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/prctl.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local = malloc(110);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    pthread_t thread;
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    lose();
    return 0;
}
