// SPDX-License-Identifier: MIT
//
// A fork in a thread: in the child this thread is the only one, and its stack is alive when it calls
// exit().
//
// ORACLE: not lsan: it forgets the stacks of the threads that the fork left behind
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static void *work(void *unused)
{
    void *volatile local = malloc(109);
    pid_t pid = fork();
    if (pid == 0) {
        void *volatile more = malloc(110);
        (void)more;
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    free(local);
    return unused;
}

int main(void)
{
    void *volatile local = malloc(111);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    free(local);
    return 0;
}
