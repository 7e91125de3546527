// SPDX-License-Identifier: MIT
//
// A __thread variable of the program, in another thread that waits.
//
// EXPECT: nothing
// CONTROL: use_tls=0 => has definite 1009 1; definite 1010 1

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;
__thread void *in_bss;
__thread void *in_data = (void *)16;

static NOINLINE void fill(void)
{
    in_bss = malloc(1009);
    in_data = malloc(1010);
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
    return 0;
}
