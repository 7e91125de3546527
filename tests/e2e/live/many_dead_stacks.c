// SPDX-License-Identifier: MIT
//
// Threads that have ended, and that nobody has joined: their stacks are still there, and hold the addresses of what
// they lost. However many there are, a scan of the running program does not look there.
//
// CFLAGS: -O0
// ENV: LEAKGC_OPTIONS=interval=50ms:min_age=0:scan_log=scans
// EXPECT: definite 60000 600
// EXPECT: definite 60000 600
// TIMEOUT: 60

#include "livetest.h"

#include <limits.h>
#include <pthread.h>

enum { THREADS = 600 };

static void *lose(void *unused)
{
    void *lost[1000]; // deeper than what ends the thread reaches
    lost[10] = malloc(100);
    use(lost);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 << 10);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&thread, &small, lose, NULL))
            return 1;
    usleep(300000);
    wait_scans(5);
    return 0;
}
