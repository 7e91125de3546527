// SPDX-License-Identifier: MIT
//
// The first 32 keys stand in the thread's own descriptor: with use_tls=0 the values are lost.
//
// EXPECT: nothing
// CONTROL: use_tls=0 => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

int main(void)
{
    pthread_key_t key;
    CHECK(pthread_key_create(&key, NULL) == 0);
    CHECK(key < 32);
    CHECK(pthread_setspecific(key, malloc(1009)) == 0);
    return 0;
}
