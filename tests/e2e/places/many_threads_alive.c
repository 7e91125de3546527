// SPDX-License-Identifier: MIT
//
// Three hundred threads that wait when main returns, each with a block in a local.
//
// EXPECT: nothing
// CONTROL: use_stacks=0:use_registers=0 => has definite 30000 300

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local = malloc(100);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 16);
    for (int i = 0; i < 300; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, &attributes, work, NULL) == 0);
    }
    for (int i = 0; i < 300; i++)
        sem_wait(&ready);
    pthread_attr_destroy(&attributes);
    return 0;
}
