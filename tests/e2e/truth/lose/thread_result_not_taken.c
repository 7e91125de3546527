// SPDX-License-Identifier: MIT
//
// pthread_join without a place for the result.
//
// EXPECT: definite 67 1

#include "truth.h"

#include <pthread.h>

static void *work(void *unused)
{
    (void)unused;
    return malloc(67);
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
