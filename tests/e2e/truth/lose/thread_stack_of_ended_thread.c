// SPDX-License-Identifier: MIT
//
// A local array of a thread that ended: its stack is kept by the C library for the next thread.
//
// EXPECT: definite 64 1

#include "truth.h"

#include <pthread.h>

static void *work(void *unused)
{
    void *volatile local[64] = {0};
    local[40] = malloc(64);
    use((void *)local);
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
