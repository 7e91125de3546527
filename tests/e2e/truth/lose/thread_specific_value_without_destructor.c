// SPDX-License-Identifier: MIT
//
// A key without a destructor: the value of a thread that ends is lost.
//
// EXPECT: definite 73 1

#include "truth.h"

#include <pthread.h>

static pthread_key_t key;

static void *work(void *unused)
{
    pthread_setspecific(key, malloc(73));
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    CHECK(pthread_key_create(&key, NULL) == 0 && pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
