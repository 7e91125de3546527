// SPDX-License-Identifier: MIT
//
// A block that somebody writes to is in use, although no pointer to it is found: no report while the
// program runs. One that nobody writes to is told.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:min_age=0:scan_log=scans
// EXPECT: definite 100 1
// CONTROL: -DQUIET confirm=1 => has definite 100 1

#include "livetest.h"

int main(void)
{
    uintptr_t hidden = hidden_malloc(100);
    clobber();
    for (int i = 0; i < 6; i++) {
#ifndef QUIET
        *(int *)reveal(hidden) += 1;
        clobber();
#endif
        wait_scans(1);
    }
#ifdef QUIET
    _exit(0);
#endif
    return 0;
}
