// SPDX-License-Identifier: MIT
//
// A thread that blocks every signal is stopped all the same, and its stack counts.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

static sem_t ready, never;

static void *work(void *unused)
{
    sigset_t all;
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
    void *volatile local = reveal(hidden_malloc(1009));
#ifdef LOSE
    local = NULL;
#endif
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    return 0;
}
