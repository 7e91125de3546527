// SPDX-License-Identifier: MIT
//
// A consumer frees every second item only.
//
// EXPECT: definite 296 4

#include "truth.h"

#include <pthread.h>

static void *slot[8];

static void *consume(void *unused)
{
    for (int i = 0; i < 8; i++) {
        if (i % 2)
            free(slot[i]);
        slot[i] = NULL;
    }
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    for (int i = 0; i < 8; i++)
        slot[i] = malloc(74);
    use(slot);
    CHECK(pthread_create(&thread, NULL, consume, NULL) == 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
