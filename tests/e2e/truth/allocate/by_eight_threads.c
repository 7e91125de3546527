// SPDX-License-Identifier: MIT
//
// Eight threads lose a hundred blocks each at the same time.
//
// EXPECT: definite 8000 800

#include "truth.h"

#include <pthread.h>

static void *work(void *unused)
{
    for (int i = 0; i < 100; i++)
        use(malloc(10));
    return unused;
}

static NOINLINE void lose(void)
{
    pthread_t thread[8];
    for (int i = 0; i < 8; i++)
        CHECK(pthread_create(&thread[i], NULL, work, NULL) == 0);
    for (int i = 0; i < 8; i++)
        pthread_join(thread[i], NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
