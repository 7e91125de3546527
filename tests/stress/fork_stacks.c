// SPDX-License-Identifier: MIT
//
// A block that is allocated while another thread forks has the same call stack as at any other time.
// Four threads lose the same blocks at the same place while main forks; the driver demands one site.
//
// LOSES: 24 bytes in 4000 blocks
// SITES: 1
// THROUGH: lose_many

#include "stress.h"

#include <stdatomic.h>
#include <sys/wait.h>

enum { THREADS = 4, EACH = 1000 };

static atomic_int busy = THREADS;

static NOINLINE void lose(void)
{
    hidden_malloc(24);
}

static NOINLINE void *lose_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < EACH; i++) {
        lose();
        usleep(50);
    }
    atomic_fetch_sub(&busy, 1);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t t[THREADS];
    stress_begin(argc, argv);
    for (int i = 0; i < THREADS; i++)
        t[i] = start(lose_many, NULL);
    while (atomic_load(&busy)) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            _exit(0);
        CHECK(waitpid(child, NULL, 0) == child);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK(!pthread_join(t[i], NULL));
    return 0;
}
