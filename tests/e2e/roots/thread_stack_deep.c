// SPDX-License-Identifier: MIT
//
// All frames of a deep stack of another thread count, not only the innermost page.
//
// EXPECT: nothing
// CONTROL: use_stacks=0 => definite 10000 1000

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static NOINLINE void descend(int n)
{
    void *volatile local[50] = {0};
    local[n % 50] = malloc(10);
    if (n > 0) {
        descend(n - 1);
    } else {
        clobber();
        sem_post(&ready);
        while (sem_wait(&never) != 0)
            continue;
    }
    use(local[n % 50]);
}

static void *work(void *unused)
{
    descend(999);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    return 0;
}
