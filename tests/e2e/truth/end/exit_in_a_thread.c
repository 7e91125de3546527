// SPDX-License-Identifier: MIT
//
// Another thread ends the program while main waits for it.
//
// EXPECT: definite 207 1

#include "truth.h"

#include <pthread.h>

static NOINLINE void lose(void)
{
    use(malloc(207));
}

static void *work(void *unused)
{
    lose();
    TRUTH_POINT();
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
