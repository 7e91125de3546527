// SPDX-License-Identifier: MIT
//
// leakgc_leaks_since counts what was allocated after the mark, exactly, however short the time: neither what
// was lost before, nor what was allocated before and lost after it. Blocks of other threads count.
//
// EXPECT: no report
// PLAIN: no

#include "apitest.h"

#include <pthread.h>

static void *old;

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

static NOINLINE void lose_two(void)
{
    void **leader = malloc(200);
    *leader = malloc(200);
    use(leader);
}

static void *thread(void *unused)
{
    lose(300);
    return unused;
}

int main(void)
{
    enum { ROUNDS = 111 };
    long sum = 0;
    CHECK(WITH);
    CHECK(leakgc_leaks_since(0, NULL) == -1 && leakgc_leaks_since(1UL << 40, NULL) == -1);
    for (int i = 0; i < ROUNDS; i++) {
        struct leakgc_leaks leaks = {.size = sizeof leaks};
        lose(50);
        old = malloc(60);
        leakgc_mark_t mark = leakgc_mark();
        CHECK(mark != 0);
        CHECK(leakgc_leaks_since(mark, &leaks) == 0 && leaks.blocks == 0);
        old = NULL;
        lose(100);
        lose_two();
        pthread_t t;
        pthread_create(&t, NULL, thread, NULL);
        pthread_join(t, NULL);
        clobber();
        long found = leakgc_leaks_since(mark, &leaks);
        CHECK(found == 4 && leaks.blocks == 4 && leaks.bytes == 800);
        CHECK(leaks.direct_blocks == 3 && leaks.direct_bytes == 600);
        sum += found;
        CHECK(leakgc_leaks_since(leakgc_mark(), NULL) == 0);
    }
    CHECK(sum == 4 * ROUNDS);
    _exit(0);
}
