// SPDX-License-Identifier: MIT
//
// A C11 thread that waits: its stack counts.
//
// ORACLE: not lsan: it does not know threads of C11
// EXPECT: nothing

#include "leaktest.h"

#include <semaphore.h>
#include <threads.h>

static sem_t ready, never;

static int work(void *argument)
{
    void *volatile local = malloc(109);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    free(argument);
    return 0;
}

int main(void)
{
    thrd_t thread;
    CHECK(thrd_create(&thread, work, malloc(20)) == thrd_success);
    sem_wait(&ready);
    return 0;
}
