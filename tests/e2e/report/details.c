// SPDX-License-Identifier: MIT
//
// details=1: after each stack a line with the thread and the age of the blocks.
//
// ENV: LEAKGC_OPTIONS=details=1
// EXPECT: definite 110 1
// STDERR-HAS: ^    .*thread.*[0-9].* s.*$

#include "leaktest.h"

#include <pthread.h>

static void *work(void *unused)
{
    use(malloc(110)); // LEAK: definite 110 1
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
