// SPDX-License-Identifier: MIT
//
// A thread has ended with a result for which it can still be asked.
//
// EXPECT: nothing
// KEPT: 1030 1

#include "truth.h"

#include <pthread.h>

static pthread_t thread;

static void *work(void *unused)
{
    (void)unused;
    return malloc(1030);
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

static NOINLINE void fill(void)
{
    int before = tasks();
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    for (int i = 0; i < 3000 && tasks() > before; i++)
        usleep(1000);
}

int main(void)
{
    fill();
#ifdef GONE
    pthread_join(thread, NULL);
#endif
    TRUTH_POINT();
    return 0;
}
