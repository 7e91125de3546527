// SPDX-License-Identifier: MIT
//
// The thread was to free its argument.
//
// EXPECT: definite 66 1

#include "truth.h"

#include <pthread.h>

static void *work(void *argument)
{
    use(argument);
    return NULL;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, malloc(66)) == 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
