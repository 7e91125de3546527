// SPDX-License-Identifier: MIT
//
// The argument of a thread that has not run yet is known to nobody but the new thread itself.
// Fifty processes end just after they have started threads; all run on one processor, so that
// most of these threads have not begun.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

static void *work(void *argument)
{
    use(argument);
    free(argument);
    return NULL;
}

static void child(void)
{
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, work, malloc(1009)) == 0);
        pthread_detach(thread);
    }
    exit(0);
}

int main(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    for (int i = 0; i < 50; i++) {
        pid_t pid = fork();
        if (pid == 0)
            child();
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(status == 0);
    }
    return 0;
}
