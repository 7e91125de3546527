// SPDX-License-Identifier: MIT
//
// The program ends, or forks, in the middle of a long scan: neither waits for it.
//
// CFLAGS: -O2 | -O2 -DFORK
// ENV: LEAKGC_OPTIONS=interval=1ms:scan_log=scans
// CONTROL: snapshot=fork => nothing
// EXPECT: nothing

#include "livetest.h"

#include <sys/wait.h>
#include <time.h>

struct node {
    struct node *next;
};
static struct node *all;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
    for (int i = 0; i < 3000000; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = all;
        all = n;
    }
    wait_scans(1);
    usleep(20000); // a scan has just begun
#ifdef FORK
    double begin = now();
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK(now() < begin + 5);
#else
    (void)now;
#endif
    return 0;
}
