// SPDX-License-Identifier: MIT
//
// A thread allocates and ends.
//
// EXPECT: definite 91 1

#include "truth.h"

#include <pthread.h>

static void *work(void *unused)
{
    use(malloc(91));
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
