// SPDX-License-Identifier: MIT
//
// The same, and the thread never sleeps.
//
// EXPECT: definite 76 1

#include "truth.h"

#include <pthread.h>

static volatile int lost, end;

static NOINLINE void drop(void)
{
    use(malloc(76));
}

static void *work(void *unused)
{
    drop();
    clobber();
    lost = 1;
    while (!end)
        continue;
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    while (!lost)
        usleep(1000);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
