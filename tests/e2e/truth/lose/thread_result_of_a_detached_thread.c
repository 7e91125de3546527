// SPDX-License-Identifier: MIT
//
// Nobody can ask a detached thread for its result. A semaphore cannot tell that it is gone; its entry among
// the tasks can.
//
// EXPECT: definite 68 1

#include "truth.h"

#include <pthread.h>

static void *work(void *unused)
{
    (void)unused;
    return malloc(68);
}

static NOINLINE int tasks(void)
{
    int n = 0;
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        sscanf(line, "Threads: %d", &n);
    fclose(f);
    return n;
}

static NOINLINE void lose(void)
{
    pthread_t thread;
    int before = tasks();
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_detach(thread);
    for (int i = 0; i < 3000 && tasks() > before; i++)
        usleep(1000);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
