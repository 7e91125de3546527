// SPDX-License-Identifier: MIT
//
// A thread that blocks every signal behind everyone's back: if it can't be stopped, its whole stack
// counts, and the program ends in time.
//
// TIMEOUT: 15
// LOG: allowed
// EXPECT: definite 50 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>

static sem_t ready, never;

static void *work(void *unused)
{
    uint64_t all = ~(uint64_t)0;
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all) == 0);
    void *volatile local = malloc(1009);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(50)); // LEAK: definite 50 1
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    lose();
    return 0;
}
