// SPDX-License-Identifier: MIT
//
// One thread allocates, another frees.
//
// EXPECT: nothing

#include "truth.h"

#include <pthread.h>

static void *release(void *p)
{
    free(p);
    return NULL;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    void *p = malloc(90);
    use(p);
    CHECK(pthread_create(&thread, NULL, release, p) == 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
