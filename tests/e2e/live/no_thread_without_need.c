// SPDX-License-Identifier: MIT
//
// The scanning thread is not there in the first second, nor in a program that does not allocate.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:scan_log=scans
// EXPECT: nothing

#include "livetest.h"

#include <sys/stat.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int threads(void)
{
    struct stat folder;
    CHECK(!stat("/proc/self/task", &folder));
    return (int)folder.st_nlink - 2;
}

int main(void)
{
    double begin = now();
    while (now() < begin + 0.5) {
        void *p = malloc(300000);
        use(p);
        free(p);
        if (now() > begin + 0.8) // held up: the next allocation may come after the first second
            return 0;
        CHECK(threads() == 1);
    }
    usleep(1000000);
    CHECK(threads() == 1);
    wait_scans(1);
    if (dlsym(RTLD_DEFAULT, "leakgc_scan"))
        CHECK(threads() == 2);
    return 0;
}
