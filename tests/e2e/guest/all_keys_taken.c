// SPDX-License-Identifier: MIT
//
// A program that takes all pthread keys gets nearly as many as without us (we and libunwind may have
// one each), and goes on working in threads that have none left.
//
// EXPECT: nothing

#include "leaktest.h"

#include <limits.h>
#include <pthread.h>

static void *work(void *unused)
{
    for (int i = 0; i < 1000; i++)
        free(malloc((size_t)i));
    return unused;
}

int main(void)
{
    int count = 0;
    pthread_key_t key;
    while (pthread_key_create(&key, NULL) == 0) {
        count++;
        CHECK(pthread_setspecific(key, reveal(hidden_malloc(10))) == 0);
    }
    CHECK(count >= PTHREAD_KEYS_MAX - 4);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
