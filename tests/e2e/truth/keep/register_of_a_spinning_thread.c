// SPDX-License-Identifier: MIT
//
// A thread that has the block in a register only.
//
// EXPECT: nothing
// KEPT: 1028 1

#include "truth.h"

#include <pthread.h>

static volatile int ready;

static NOINLINE void *fill(void)
{
    void *p = malloc(1028);
    use(p);
    FORGET(p);
    return p;
}

static void *work(void *unused)
{
    register void *p __asm__("rbx") = fill();
    clobber();
    ready = 1;
    for (;;)
        __asm__ volatile("pause" : "+r"(p));
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!ready)
        usleep(1000);
    usleep(1000);
    TRUTH_POINT();
    return 0;
}
