// SPDX-License-Identifier: MIT
//
// A program that has handlers for all signals, all blocked in all threads: threads are stopped all
// the same, and no handler of the program runs for it.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

static sem_t ready, never;

static void handler(int number)
{
    dprintf(1, "handler of %d called\n", number);
}

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
    sigset_t all;
    struct sigaction action = {.sa_handler = handler};
    pthread_t thread;
    for (int i = 1; i <= SIGRTMAX; i++)
        sigaction(i, &action, NULL);
    sigfillset(&all);
    CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    lose();
    return 0;
}
