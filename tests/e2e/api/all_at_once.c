// SPDX-License-Identifier: MIT
//
// Threads that use all functions at the same time, while the library searches in all its ways: no weak slot is ever
// emptied while its block is in use, none keeps a pointer to a block that is gone, none is told twice.
//
// ENV: LEAKGC_OPTIONS=interval=50ms:min_age=0:report=report
// EXPECT: no report
// PLAIN: no
// TIMEOUT: 60
// CONTROL: snapshot=stop => no report
// CONTROL: snapshot=concurrent => no report
// CONTROL: snapshot=fork => no report

#include "apitest.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 300 };

static atomic_long lost, told, filled, gone, in_use;

static void on_lost(void *block, size_t bytes, enum leakgc_kind kind, void *arg)
{
    CHECK(bytes == 77 || bytes == 88);
    CHECK(kind == LEAKGC_DEFINITE && arg == &told);
    told++;
    free(block);
}

static void on_gone(void **slot, void *arg)
{
    CHECK(arg == slot); // by now its thread may have filled it again
    gone++;
}

static NOINLINE void lose(size_t bytes)
{
    use(malloc(bytes));
    lost++;
}

static NOINLINE void fill(void **slot)
{
    *slot = malloc(88);
    CHECK(leakgc_weak_register(slot, on_gone, slot) == 0);
    lost++;
    filled++;
}

static void *work(void *arg)
{
    void **slot = calloc(2, sizeof *slot);
    for (int i = 0; i < ROUNDS; i++) {
        void *mine = malloc(99);
        use(mine);
        slot[0] = mine;
        CHECK(leakgc_weak_register(&slot[0], on_gone, &slot[0]) == 0);
        if (i % 10 == 0)
            lose(77);
        if (i % 50 == 0) {
            fill(&slot[1]);
            clobber();
            for (int n = 0; slot[1] && n < 1000; n++)
                usleep(1000);
            // Nearly always empty by now; a stale word may keep the block, a busy machine the scan.
        }
        CHECK(leakgc_add_root(slot, 8) == 0);
        struct leakgc_leaks leaks = {.size = sizeof leaks};
        if (i % 50 == (long)arg)
            CHECK(leakgc_leaks_since(leakgc_mark(), &leaks) >= -1);
        CHECK(leakgc_remove_root(slot, 8) == 0);
        CHECK(slot[0] == mine); // in use all the time
        in_use++;
        CHECK(leakgc_weak_unregister(&slot[0]) == 0);
        slot[0] = NULL;
        free(mine);
    }
    leakgc_weak_unregister(&slot[1]);
    free(slot);
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    CHECK(WITH && leakgc_on_lost(on_lost, &told) == 0);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    while (in_use < THREADS * ROUNDS) {
        CHECK(leakgc_scan() >= -1 && leakgc_poll() >= 0);
        usleep(2000);
    }
    for (long i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    clobber();
    for (int i = 0; i < 100 && told < lost; i++) {
        leakgc_scan();
        leakgc_poll();
        usleep(1000);
    }
    static void *more[100]; // in case stale words kept all of the threads' blocks
    for (size_t i = 0; i < ARRAY_SIZE(more) && !gone; i++) {
        fill(&more[i]);
        clobber();
        leakgc_scan();
        leakgc_poll();
    }
    if (told != lost)
        dprintf(2, "told %ld of %ld\n", told, lost);
    CHECK(told > 0 && told <= lost && gone > 0 && gone <= filled);
    _exit(0);
}
