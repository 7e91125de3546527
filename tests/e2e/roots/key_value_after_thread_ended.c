// SPDX-License-Identifier: MIT
//
// A value without a destructor is lost when its thread ends.
//
// EXPECT: definite 1009 1
// CONTROL: -DWITH_DESTRUCTOR => nothing

#include "leaktest.h"

#include <pthread.h>

static pthread_key_t key;

static void *work(void *unused)
{
    CHECK(pthread_setspecific(key, malloc(1009)) == 0); // LEAK: definite 1009 1
    return unused;
}

int main(void)
{
    pthread_t thread;
#ifdef WITH_DESTRUCTOR
    CHECK(pthread_key_create(&key, free) == 0);
#else
    CHECK(pthread_key_create(&key, NULL) == 0);
#endif
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
