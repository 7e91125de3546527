// SPDX-License-Identifier: MIT
//
// Five hundred threads are alive when main returns, asleep or spinning, each with the only pointers
// to its blocks on its own stack.

#include "stress.h"

#include <stdatomic.h>

enum { THREADS = 500 };

static atomic_int ready;

static NOINLINE void hold(intptr_t n)
{
    void *volatile mine[4];
    for (size_t i = 0; i < 4; i++) {
        mine[i] = malloc(10 + 100 * i);
        CHECK(mine[i]);
    }
    *(void **)mine[1] = malloc(77);
    atomic_fetch_add(&ready, 1);
    while (n % 100 == 7)
        sched_yield();
    for (;;)
        pause();
}

static void *body(void *number)
{
    hold((intptr_t)number);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_attr_t attr;
    stress_begin(argc, argv);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    for (intptr_t i = 0; i < THREADS; i++) {
        pthread_t t;
        CHECK(!pthread_create(&t, &attr, body, (void *)i));
    }
    while (atomic_load(&ready) < THREADS)
        usleep(1000);
    return stress_end();
}
