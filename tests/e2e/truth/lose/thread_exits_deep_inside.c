// SPDX-License-Identifier: MIT
//
// pthread_exit in a callee: the caller's free is never reached.
//
// EXPECT: definite 69 1

#include "truth.h"

#include <pthread.h>

static NOINLINE void stop(void)
{
    pthread_exit(NULL);
}

static void *work(void *unused)
{
    char *p = malloc(69);
    use(p);
    if (!unused)
        stop();
    free(p);
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
