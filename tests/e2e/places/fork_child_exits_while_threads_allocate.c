// SPDX-License-Identifier: MIT
//
// The same with children that end by exit(), and so are checked: no child hangs, and none complains
// about what the parent's other threads held at the fork.
//
// TIMEOUT: 60
// ORACLE: not any: they forget the stacks of the threads that the fork left behind
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static volatile int stop;

static void *hammer(void *unused)
{
    while (!stop) {
        void *volatile p[10];
        for (int i = 0; i < 10; i++)
            p[i] = malloc((size_t)(i * i) * 100);
        for (int i = 0; i < 10; i++)
            free(p[i]);
    }
    return unused;
}

int main(void)
{
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&thread[i], NULL, hammer, NULL) == 0);
    for (int n = 0; n < 30; n++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            free(malloc(1000));
            exit(7);
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    }
    stop = 1;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    return 0;
}
