// SPDX-License-Identifier: MIT
//
// A tree of processes, each allocating, forking and ending by exit().
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <sys/wait.h>

static void grow(int depth)
{
    void *p[100];
    for (int i = 0; i < 100; i++)
        p[i] = malloc((size_t)i * 50);
    for (int n = 0; depth > 0 && n < 3; n++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            for (int i = 0; i < 100; i++)
                free(p[i]);
            grow(depth - 1);
            exit(0);
        }
    }
    for (int i = 0; i < 100; i++)
        free(p[i]);
    int status;
    while (wait(&status) > 0)
        CHECK(status == 0);
}

int main(void)
{
    grow(3);
    return 0;
}
