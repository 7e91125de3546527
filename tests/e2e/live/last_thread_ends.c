// SPDX-License-Identifier: MIT
//
// The scanning thread keeps no process alive: the program's last thread ends it, also when the main
// thread ended before, in libc's way or by the system call.
//
// CFLAGS: -O2 | -O2 -DRAW
// ENV: LEAKGC_OPTIONS=interval=50ms:scan_log=scans
// EXPECT: no report
// TIMEOUT: 20

#include "livetest.h"

#include <pthread.h>
#include <sys/syscall.h>

static void *work(void *unused)
{
    wait_scans(3);
#ifdef RAW
    syscall(SYS_exit, 0);
#endif
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, work, NULL));
    CHECK(!pthread_detach(thread));
#ifdef RAW
    syscall(SYS_exit, 0);
#endif
    pthread_exit(NULL);
}
