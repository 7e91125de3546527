// SPDX-License-Identifier: MIT
//
// A signal handler waits on an alternate stack: its locals count, and so do those of the function
// that it has interrupted.
//
// CFLAGS: -O0 -DFROM_MMAP | -O2 -DFROM_MMAP | -O2 -DFROM_MALLOC
// EXPECT: nothing
// CONTROL: -DLOSE => definite 2019 2

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>

static sem_t ready, never;

static void handler(int number)
{
    void *volatile local = reveal(hidden_malloc(1009));
#ifdef LOSE
    local = NULL;
#endif
    (void)number;
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
}

static NOINLINE void give_stack(void)
{
    stack_t stack = {.ss_size = 1 << 18};
#ifdef FROM_MALLOC
    stack.ss_sp = malloc(stack.ss_size); // afterwards only the kernel knows it
#else
    stack.ss_sp =
        mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif
    CHECK(sigaltstack(&stack, NULL) == 0);
}

static void *work(void *unused)
{
    void *volatile local = reveal(hidden_malloc(1010));
#ifdef LOSE
    local = NULL;
#endif
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    give_stack();
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    clobber();
    pthread_kill(pthread_self(), SIGUSR1);
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
