// SPDX-License-Identifier: MIT
//
// What only another thread of the parent held is no leak of the child: it was never the child's to
// free. (The stacks of the threads that a fork leaves behind are still there, and count.)
//
// ORACLE: not any: they forget the stacks of the threads that the fork left behind
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

static sem_t ready, go;

static void *work(void *unused)
{
    void *volatile local = malloc(1009);
    sem_post(&ready);
    sem_wait(&go);
    free(local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    pid_t pid = fork();
    if (pid == 0)
        exit(0);
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    sem_post(&go);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
