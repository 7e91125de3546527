// SPDX-License-Identifier: MIT
//
// A thread in a system call, with the block in the local of its caller.
//
// EXPECT: nothing
// KEPT: 1026 1

#include "truth.h"

#include <pthread.h>

static int ends[2];
static volatile int ready;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1026);
    FORGET(*place);
}

static NOINLINE void wait_for_data(void)
{
    char c;
    ready = 1;
    while (read(ends[0], &c, 1) != 1)
        continue;
}

static void *work(void *unused)
{
    void *volatile local[8] = {0};
    fill(&local[4]);
    clobber();
    wait_for_data();
    use((void *)local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pipe(ends) == 0 && pthread_create(&thread, NULL, work, NULL) == 0);
    while (!ready)
        usleep(1000);
    TRUTH_POINT();
    return 0;
}
