// SPDX-License-Identifier: MIT
//
// Detached threads that unmap the memory in which pthread_create puts their handle: nobody may look there
// once a thread runs.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 2000, AT_ONCE = 8, BYTES = 4096 };

static atomic_int running;
static atomic_int wrong;

static void *work(void *memory)
{
    if (!pthread_equal(*(pthread_t *)memory,
                       pthread_self())) // libc tells it before the thread begins
        atomic_fetch_add(&wrong, 1);
    CHECK(!munmap(memory, BYTES));
    atomic_fetch_sub(&running, 1);
    return NULL;
}

int main(void)
{
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < THREADS; i++) {
        void *memory =
            mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(memory != MAP_FAILED);
        atomic_fetch_add(&running, 1);
        CHECK(!pthread_create(memory, &detached, work, memory));
        while (atomic_load(&running) >= AT_ONCE)
            usleep(50);
    }
    while (atomic_load(&running))
        usleep(50);
    CHECK(!wrong);
    return 0;
}
