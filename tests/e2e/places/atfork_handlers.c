// SPDX-License-Identifier: MIT
//
// pthread_atfork handlers that allocate, before and after the fork, in both processes.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static void *kept[3];

static void prepare(void)
{
    kept[0] = malloc(100);
}

static void parent(void)
{
    kept[1] = realloc(kept[0], 1000);
    kept[0] = NULL;
}

static void in_child(void)
{
    kept[2] = realloc(kept[0], 2000);
    kept[0] = NULL;
}

int main(void)
{
    CHECK(pthread_atfork(prepare, parent, in_child) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(kept[2] != NULL);
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
