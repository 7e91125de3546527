// SPDX-License-Identifier: MIT
//
// Four threads create detached threads, and all put the handles, which nobody needs, into one variable: what
// stands there after pthread_create may be another thread's.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { CREATORS = 4, EACH = 1000, AT_ONCE = 16, BLOCKS = 32 };

static pthread_t ignored;
static atomic_int running;

static void *work(void *argument)
{
    void *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = malloc(16 + (size_t)i * 8);
        memset(block[i], i, 16);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
    free(argument);
    atomic_fetch_sub(&running, 1);
    return NULL;
}

static void *create(void *unused)
{
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < EACH; i++) {
        atomic_fetch_add(&running, 1);
        CHECK(!pthread_create(&ignored, &detached, work, malloc(10)));
        while (atomic_load(&running) >= AT_ONCE)
            usleep(50);
    }
    return unused;
}

int main(void)
{
    pthread_t creator[CREATORS];
    for (int i = 0; i < CREATORS; i++)
        CHECK(!pthread_create(&creator[i], NULL, create, NULL));
    for (int i = 0; i < CREATORS; i++)
        pthread_join(creator[i], NULL);
    while (atomic_load(&running))
        usleep(50);
    return 0;
}
