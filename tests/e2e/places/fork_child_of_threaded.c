// SPDX-License-Identifier: MIT
//
// A child of a threaded process allocates, frees its parent's blocks, leaks its own, and reports.
//
// EXPECT: definite 100 1
// EXPECT: definite 207 1
// LOG: allowed

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static volatile int stop;
static void *shared[1000];

static void *hammer(void *unused)
{
    while (!stop) {
        void *p[10];
        for (int i = 0; i < 10; i++) {
            p[i] = malloc((size_t)i * 100);
            use(p[i]);
        }
        for (int i = 0; i < 10; i++)
            free(p[i]);
    }
    return unused;
}

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

static NOINLINE void child(void)
{
    for (int i = 0; i < 1000; i++) {
        free(shared[i]);
        shared[i] = malloc((size_t)i);
    }
    lose(207);
    for (int i = 0; i < 1000; i++) {
        free(shared[i]);
        shared[i] = NULL;
    }
    exit(0);
}

int main(void)
{
    pthread_t thread[4];
    for (int i = 0; i < 1000; i++)
        shared[i] = malloc((size_t)i * 3);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&thread[i], NULL, hammer, NULL) == 0);
    usleep(20000);
    // While the hammers stand still: what they hold at a fork is nobody's in the child.
    stop = 1;
    for (int i = 0; i < 4; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    pid_t pid = fork();
    if (pid == 0)
        child();
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    lose(100);
    return 0;
}
