// SPDX-License-Identifier: MIT
//
// A thread on a stack of the program's own, from mmap.
//
// EXPECT: nothing
// CONTROL: use_stacks=0:use_mapped=0:use_tls=0:use_registers=0 => has definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local[4] = {0};
    local[2] = reveal(hidden_malloc(1009));
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local[2]);
    return unused;
}

static NOINLINE void start(void)
{
    size_t size = 1 << 20;
    void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stack != MAP_FAILED);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstack(&attributes, stack, size) == 0);
    CHECK(pthread_create(&thread, &attributes, work, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

int main(void)
{
    start();
    sem_wait(&ready);
    return 0;
}
