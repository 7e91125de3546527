// SPDX-License-Identifier: MIT
//
// The program takes all pthread keys that there are: each value counts, in main and in a thread, and the
// library works without a key of its own to spare.
//
// CFLAGS: -O2
// EXPECT: nothing
// CONTROL: -DCLEARED => has definite 16 1

#include "leaktest.h"

#include <limits.h>
#include <pthread.h>

static pthread_key_t key[PTHREAD_KEYS_MAX];
static int keys;
static pthread_barrier_t ready;

static NOINLINE void set_all(void)
{
    for (int i = 0; i < keys; i++)
        CHECK(pthread_setspecific(key[i], malloc(16)) == 0);
#ifdef CLEARED
    CHECK(pthread_setspecific(key[keys / 2], NULL) == 0);
#endif
}

static void *work(void *unused)
{
    set_all();
    clobber();
    pthread_barrier_wait(&ready);
    pause();
    return unused;
}

int main(void)
{
    pthread_t thread;
    while (keys < PTHREAD_KEYS_MAX && pthread_key_create(&key[keys], NULL) == 0)
        keys++;
    CHECK(keys > 900);
    pthread_barrier_init(&ready, NULL, 2);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_barrier_wait(&ready);
    set_all();
    return 0;
}
