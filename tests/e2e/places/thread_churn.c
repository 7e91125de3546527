// SPDX-License-Identifier: MIT
//
// Two thousand threads, sixteen at a time, each with blocks that outlive it.
//
// CFLAGS: -O2
// TIMEOUT: 60
// EXPECT: nothing
// CONTROL: -DLOSE => definite 200000 2000

#include "leaktest.h"

#include <pthread.h>

static void *kept[2000];

static void *work(void *argument)
{
    size_t n = (size_t)(uintptr_t)argument;
    for (size_t i = 0; i < 50; i++) {
        void *p = malloc(i * 20);
        use(p);
        free(p);
    }
    kept[n] = malloc(100);
    return NULL;
}

int main(void)
{
    for (uintptr_t n = 0; n < 2000; n += 16) {
        pthread_t thread[16];
        for (uintptr_t i = 0; i < 16; i++)
            CHECK(pthread_create(&thread[i], NULL, work, (void *)(n + i)) == 0);
        for (int i = 0; i < 16; i++)
            CHECK(pthread_join(thread[i], NULL) == 0);
    }
    use(kept);
#ifdef LOSE
    memset(kept, 0, sizeof kept);
#endif
    return 0;
}
