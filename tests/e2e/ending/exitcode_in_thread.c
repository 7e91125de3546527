// SPDX-License-Identifier: MIT
//
// exitcode where another thread calls exit(0).
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// STATUS: 23
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

static void *work(void *unused)
{
    lose();
    exit(0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
    return 1;
}
