// SPDX-License-Identifier: MIT
//
// Ten thousand short threads: joined, detached by attribute, detached by the creator at once,
// detached by themselves. Four threads create them at the same time, so that libc gives the stack
// of one that has just been joined to another creator's new thread. Each swaps blocks with a table
// that all share: most blocks are freed by another thread, and long after their owner has ended.

#include "stress.h"

#include <stdatomic.h>

enum { CREATORS = 4, PLACES = 512, ALIVE_MOST = 40 };

static _Atomic(unsigned char *) table[PLACES];
static atomic_int alive;
static pthread_key_t key;

static void at_thread_end(void *block)
{
    free(block);
    free(malloc(100));
}

static void swap_blocks(struct dice *d)
{
    for (int i = 0; i < 30; i++) {
        size_t bytes = 1 + roll(d) % 600;
        unsigned char *block = malloc(bytes + 2);
        CHECK(block);
        block[0] = (unsigned char)(bytes & 0xff);
        block[1] = (unsigned char)(bytes >> 8);
        fill(block + 2, bytes, 0x33);
        unsigned char *old = atomic_exchange(&table[roll(d) % PLACES], block);
        if (old) {
            verify(old + 2, (size_t)old[0] | (size_t)old[1] << 8, 0x33);
            free(old);
        }
    }
}

static void *brief(void *seed)
{
    struct dice d = dice_of((uint64_t)(intptr_t)seed);
    pthread_setspecific(key, malloc(50));
    swap_blocks(&d);
    return malloc(20);
}

static void *brief_detached(void *seed)
{
    if ((intptr_t)seed % 4 == 3)
        pthread_detach(pthread_self());
    free(brief(seed));
    atomic_fetch_sub(&alive, 1);
    return NULL;
}

static void create_detached(intptr_t seed)
{
    pthread_t t;
    pthread_attr_t attr;
    while (atomic_load(&alive) > ALIVE_MOST)
        sched_yield();
    atomic_fetch_add(&alive, 1);
    pthread_attr_init(&attr);
    if (seed % 4 == 1)
        pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    CHECK(!pthread_create(&t, &attr, brief_detached, (void *)seed));
    if (seed % 4 == 2)
        pthread_detach(t);
    pthread_attr_destroy(&attr);
}

static void *create(void *number)
{
    long each = scaled(10000) / CREATORS;
    for (long i = 0; i < each; i++) {
        intptr_t seed = (intptr_t)number * each + i;
        void *result;
        if (seed % 4 == 0 || seed % 8 == 5) {
            pthread_t t = start(brief, (void *)seed);
            CHECK(!pthread_join(t, &result));
            free(result);
        } else {
            create_detached(seed);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    pthread_key_create(&key, at_thread_end);
    run_threads(CREATORS, create);
    while (atomic_load(&alive))
        sched_yield();
    usleep(20000); /* the last ones are in libc's thread exit */
    for (int i = 0; i < PLACES; i++)
        free(atomic_load(&table[i]));
    memset((void *)table, 0, sizeof table);
    return stress_end();
}
