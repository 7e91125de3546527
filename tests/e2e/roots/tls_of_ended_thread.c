// SPDX-License-Identifier: MIT
//
// The __thread variables of a thread that has ended are gone.
//
// EXPECT: definite 1009 1

#include "leaktest.h"

#include <pthread.h>

__thread void *variable;

static void *work(void *unused)
{
    variable = malloc(1009); // LEAK: definite 1009 1
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
