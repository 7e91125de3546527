// SPDX-License-Identifier: MIT
//
// The same with realloc and calloc, where a block moves in the middle of a call.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static void *hammer(void *unused)
{
    char *p = NULL;
    for (size_t size = 1;; size = size > 200000 ? 1 : size * 3 + 1) {
        p = realloc(p, size);
        char *q = calloc(3, size);
        memcpy(q, p, size);
        free(q);
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            for (int j = 0; j < 3; j++)
                CHECK(pthread_create(&thread, NULL, hammer, NULL) == 0);
            usleep(5000);
            return 0;
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return 0;
}
