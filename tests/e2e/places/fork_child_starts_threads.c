// SPDX-License-Identifier: MIT
//
// A child that starts threads of its own; its leaks and theirs are told.
//
// EXPECT: definite 309 2

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

static sem_t ready, never;

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

static void *work(void *unused)
{
    void *volatile local = malloc(110);
    lose(200);
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

static void *nothing(void *unused)
{
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
        sem_wait(&ready);
        lose(109);
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
