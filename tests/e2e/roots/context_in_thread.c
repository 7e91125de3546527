// SPDX-License-Identifier: MIT
//
// A thread that runs on a coroutine's stack while main returns: both of its stacks count.
//
// ORACLE: not valgrind: it takes the coroutine's stack for the thread's only one
// EXPECT: nothing
// CONTROL: -DLOSE => definite 2019 2

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <ucontext.h>

static sem_t ready, never;
static ucontext_t thread_context, coroutine;

static void body(void)
{
    void *volatile local = malloc(1009);
#ifdef LOSE
    local = NULL;
#endif
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
}

static void *work(void *unused)
{
    void *volatile local = malloc(1010);
#ifdef LOSE
    local = NULL;
#endif
    CHECK(getcontext(&coroutine) == 0);
    coroutine.uc_stack.ss_size = 1 << 18;
    coroutine.uc_stack.ss_sp = malloc(coroutine.uc_stack.ss_size);
    coroutine.uc_link = &thread_context;
    makecontext(&coroutine, body, 0);
    clobber();
    swapcontext(&thread_context, &coroutine);
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
