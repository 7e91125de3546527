// SPDX-License-Identifier: MIT
//
// Two hundred forks while four threads are inside malloc and free: no child hangs.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static volatile int stop;

static void *hammer(void *unused)
{
    while (!stop) {
        void *p[10];
        for (int i = 0; i < 10; i++)
            p[i] = malloc((size_t)(i * i * i) * 100);
        for (int i = 0; i < 10; i++)
            free(p[i]);
    }
    return unused;
}

int main(void)
{
    pthread_t thread[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&thread[i], NULL, hammer, NULL) == 0);
    for (int n = 0; n < 200; n++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            for (int i = 0; i < 100; i++)
                free(malloc((size_t)i * 1000));
            _exit(7);
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    }
    stop = 1;
    for (int i = 0; i < 4; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    return 0;
}
