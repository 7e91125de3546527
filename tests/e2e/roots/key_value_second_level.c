// SPDX-License-Identifier: MIT
//
// Later keys stand in a table that glibc allocates: it is kept through the descriptor, too.
//
// EXPECT: nothing
// CONTROL: use_tls=0 => has indirect 1009 1

#include "leaktest.h"

#include <pthread.h>

int main(void)
{
    pthread_key_t key = 0;
    for (int i = 0; i < 500; i++)
        CHECK(pthread_key_create(&key, NULL) == 0);
    CHECK(pthread_setspecific(key, malloc(1009)) == 0);
    return 0;
}
