// SPDX-License-Identifier: MIT
//
// exit() in another thread, while main waits for it: main's locals are alive.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

static void *work(void *unused)
{
    void *volatile local = malloc(110);
    (void)local;
    lose();
    exit(0);
    return unused;
}

int main(void)
{
    void *volatile local = malloc(111);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
    use(local);
    return 1;
}
