// SPDX-License-Identifier: MIT
//
// A program with a thread that waits for any child does not take our helper from us.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static void *reaper(void *unused)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid > 0)
            dprintf(1, "somebody's child has ended\n");
    }
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, reaper, NULL) == 0);
    usleep(10000);
    lose();
    return 0;
}
