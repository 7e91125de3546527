// SPDX-License-Identifier: MIT
//
// Values of later keys are in a block that the C library allocates.
//
// EXPECT: nothing
// KEPT: 1020 1

#include "truth.h"

#include <pthread.h>

static pthread_key_t key;

static NOINLINE void fill(void)
{
    for (int i = 0; i < 100; i++)
        CHECK(pthread_key_create(&key, NULL) == 0);
    pthread_setspecific(key, malloc(1020));
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
