// SPDX-License-Identifier: MIT
//
// Memory of a program that locks all of it can't be given back the usual way; what one scan leaves there must
// not mislead the next.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=30ms:min_age=0:scan_log=scans
// EXPECT: definite 1000 1
// EXPECT: definite 1000 1
// CONTROL: -DFIXED => nothing

#include "livetest.h"

#include <sys/mman.h>

static void *volatile kept;

static NOINLINE void lose(void)
{
    void *p = malloc(1000);
    use(p);
#ifdef FIXED
    free(p);
#endif
    clobber();
}

int main(void)
{
    if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0)
        SKIP("mlockall is not allowed here");
    kept = malloc(100);
    wait_scans(3);
    lose();
    wait_scans(3);
    return 0;
}
