// SPDX-License-Identifier: MIT
//
// A child of fork scans for itself, from its own first second on.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:min_age=0:scan_log=scans
// EXPECT: definite 109 1
// EXPECT: definite 109 1

#include "livetest.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
    clobber();
}

int main(void)
{
    int status;
    wait_scans(3);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char own[32];
        snprintf(own, sizeof own, "pid=%d ", getpid());
        lose();
        for (int i = 0; dlsym(RTLD_DEFAULT, "leakgc_scan") && scan_lines(own) < 4; i++) {
            CHECK(i < 1000);
            wait_scans(1);
        }
        exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}
