// SPDX-License-Identifier: MIT
//
// The signal that the option names makes a scan, unless the program takes the signal for itself.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=0:signal=USR2:min_age=0:scan_log=scans
// EXPECT: definite 109 1
// EXPECT: definite 109 1
// CONTROL: -DOWN_HANDLER => definite 109 1

#include "livetest.h"

#include <signal.h>

#ifdef OWN_HANDLER
enum { PATIENCE = 100 };
#else
enum { PATIENCE = 4000 };
#endif

static UNUSED void handler(int number)
{
    (void)number;
}

static NOINLINE void lose(void)
{
    use(malloc(109));
    clobber();
}

int main(void)
{
    lose();
    if (!dlsym(RTLD_DEFAULT, "leakgc_scan"))
        return 0;
#ifdef OWN_HANDLER
    signal(SIGUSR2, handler);
#endif
    for (int i = 0; i < 4; i++) {
        raise(SIGUSR2);
        for (int k = 0; k < PATIENCE && scan_lines("cause=signal") <= i; k++)
            usleep(5000);
    }
#ifdef OWN_HANDLER
    CHECK(scan_lines("cause=") == 0);
#else
    CHECK(scan_lines("cause=signal") == 4);
#endif
    return 0;
}
