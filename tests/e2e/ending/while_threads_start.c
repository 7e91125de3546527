// SPDX-License-Identifier: MIT
//
// Main returns while threads start and end all the time.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

static void *little(void *argument)
{
    free(argument);
    return NULL;
}

static void *starter(void *unused)
{
    for (;;) {
        pthread_t thread;
        void *p = malloc(100);
        if (pthread_create(&thread, NULL, little, p) == 0)
            pthread_join(thread, NULL);
        else
            free(p);
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            for (int j = 0; j < 2; j++)
                CHECK(pthread_create(&thread, NULL, starter, NULL) == 0);
            usleep(5000);
            return 0;
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return 0;
}
