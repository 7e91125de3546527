// SPDX-License-Identifier: MIT
//
// Threads that their creator detaches right after it made them, perhaps before they run: nobody can
// join them, so what they return is lost. And the registry forgets them: the last ones start as
// quickly as the first ones.
//
// OPTIONS: interval=0
// LOSES: 77 bytes in 4000 blocks
// SITES: 1
// THROUGH: body

#include "stress.h"

#include <stdatomic.h>

enum { THREADS = 4000, ALIVE_MOST = 30 };

static atomic_int alive;

static NOINLINE void *lose(void)
{
    void *p = malloc(77);
    atomic_fetch_sub(&alive, 1);
    return p;
}

static void *body(void *unused)
{
    (void)unused;
    return lose();
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    for (int i = 0; i < THREADS; i++) {
        while (atomic_load(&alive) > ALIVE_MOST)
            sched_yield();
        atomic_fetch_add(&alive, 1);
        CHECK(!pthread_detach(start(body, NULL)));
    }
    await_alone();
    return 0;
}
