// SPDX-License-Identifier: MIT
//
// A value of pthread_setspecific in the main thread.
//
// EXPECT: nothing
// KEPT: 1019 1

#include "truth.h"

#include <pthread.h>

static pthread_key_t key;

static NOINLINE void fill(void)
{
    CHECK(pthread_key_create(&key, NULL) == 0);
    pthread_setspecific(key, malloc(1019));
}

int main(void)
{
    fill();
#ifdef GONE
    pthread_setspecific(key, NULL);
#endif
    TRUTH_POINT();
    return 0;
}
