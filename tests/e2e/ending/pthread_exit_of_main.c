// SPDX-License-Identifier: MIT
//
// main ends by pthread_exit; the process ends with its last thread, and is checked then. What main
// had in its frame is lost.
//
// EXPECT: definite 220 2

#include "leaktest.h"

#include <pthread.h>

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

static void *work(void *unused)
{
    usleep(50000);
    lose();
    return unused;
}

int main(void)
{
    void *volatile local = malloc(111); // LEAK: definite 111 1
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_detach(thread);
    (void)local;
    pthread_exit(NULL);
}
