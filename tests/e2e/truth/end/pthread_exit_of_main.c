// SPDX-License-Identifier: MIT
//
// main leaves by pthread_exit; the last thread ends the program.
//
// EXPECT: definite 221 1

#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t go;

static NOINLINE void lose(void)
{
    use(malloc(221));
}

static void *work(void *unused)
{
    while (sem_wait(&go) != 0)
        continue;
    lose();
    TRUTH_POINT();
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_post(&go);
    pthread_exit(NULL);
}
