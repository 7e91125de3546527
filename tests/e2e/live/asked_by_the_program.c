// SPDX-License-Identifier: MIT
//
// leakgc_scan reports at once what was not reported before; LeakSanitizer's function reports all. The
// caller's own frame counts.
//
// CFLAGS: -O0 | -O2
// ENV: LEAKGC_OPTIONS=scan_log=scans
// EXPECT: definite 109 1
// EXPECT: definite 109 1
// EXPECT: definite 109 1

#include "livetest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    int (*check)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "__lsan_do_recoverable_leak_check");
    void *mine = malloc(50);
    if (!scan)
        return 0;
    CHECK(scan() == 0 && check() == 0);
    lose();
    clobber();
    CHECK(scan() == 1);
    CHECK(scan() == 1); // and nothing new
    CHECK(check() == 1);
    CHECK(scan_lines("cause=api") == 5);
    use(mine);
    free(mine);
    return 0;
}
