// SPDX-License-Identifier: MIT
//
// A local of a thread that never sleeps.
//
// EXPECT: nothing
// KEPT: 1025 1

#include "truth.h"

#include <pthread.h>

static volatile int ready, end;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1025);
    FORGET(*place);
}

static void *work(void *unused)
{
    void *volatile local[8] = {0};
    fill(&local[4]);
    clobber();
    ready = 1;
    while (!end)
        continue;
    use((void *)local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!ready)
        usleep(1000);
    TRUTH_POINT();
    return 0;
}
