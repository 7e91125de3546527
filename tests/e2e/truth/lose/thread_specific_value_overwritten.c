// SPDX-License-Identifier: MIT
//
// pthread_setspecific twice.
//
// EXPECT: definite 72 1

#include "truth.h"

#include <pthread.h>

static pthread_key_t key;

static NOINLINE void lose(void)
{
    CHECK(pthread_key_create(&key, free) == 0);
    pthread_setspecific(key, malloc(72));
    pthread_setspecific(key, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
