// SPDX-License-Identifier: MIT
//
// The variable of a thread ends with the thread.
//
// EXPECT: definite 63 1

#include "truth.h"

#include <pthread.h>

static __thread char *mine;

static void *work(void *unused)
{
    mine = malloc(63);
    use(&mine);
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
