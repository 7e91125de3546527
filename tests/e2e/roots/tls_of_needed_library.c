// SPDX-License-Identifier: MIT
//
// A __thread variable of a shared object that the program is linked with: main's and a thread's.
//
// SOLIB:
// EXPECT: nothing
// CONTROL: use_tls=0 => has definite 1009 1; definite 1010 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

#ifdef BUILD_SOLIB
static __thread void *kept;

void keep(void *p)
{
    kept = p;
    use(&kept);
}
#else
void keep(void *p);
static sem_t ready, never;

static NOINLINE void fill(void)
{
    keep(malloc(1009));
}

static void *work(void *unused)
{
    fill();
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    keep(malloc(1010));
    return 0;
}
#endif
