// SPDX-License-Identifier: MIT
//
// Two threads allocate and free all the time.
//
// EXPECT: definite 218 1

#include "truth.h"

#include <pthread.h>

static volatile int running;

static NOINLINE void lose(void)
{
    use(malloc(218));
}

static void *work(void *unused)
{
    for (;;) {
        void *volatile p = malloc(100);
        running = 1;
        free(p);
    }
    return unused;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!running)
        usleep(100);
    lose();
    TRUTH_POINT();
    exit(0);
}
