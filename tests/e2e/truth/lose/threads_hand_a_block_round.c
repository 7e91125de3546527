// SPDX-License-Identifier: MIT
//
// A block goes through four threads, each gets it from the one before. The last drops it.
//
// EXPECT: definite 78 1

#include "truth.h"

#include <pthread.h>

static void *pass(void *p)
{
    use(p);
    return p;
}

static NOINLINE void lose(void)
{
    void *p = malloc(78);
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, pass, p) == 0);
        p = NULL;
        CHECK(pthread_join(thread, i < 3 ? &p : NULL) == 0);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
