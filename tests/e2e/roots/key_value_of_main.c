// SPDX-License-Identifier: MIT
//
// A value of pthread_setspecific in the main thread: keys of the first 32, and beyond, where glibc
// allocates a table.
//
// CFLAGS: -O2 -DKEYS=3 | -O2 -DKEYS=100
// EXPECT: nothing
// CONTROL: -DKEYS_CLEARED => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

int main(void)
{
    pthread_key_t key = 0;
    for (int i = 0; i < KEYS; i++)
        CHECK(pthread_key_create(&key, NULL) == 0);
    CHECK(pthread_setspecific(key, malloc(1009)) == 0);
#ifdef KEYS_CLEARED
    CHECK(pthread_setspecific(key, NULL) == 0);
#endif
    return 0;
}
