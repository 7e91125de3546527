// SPDX-License-Identifier: MIT
//
// RLIMIT_NOFILE so small that no file can be opened any more: a report, or one line that says why there
// is none.
//
// CFLAGS: -O2 -DLIMIT=3 | -O2 -DLIMIT=0 | -O2 -DLIMIT=4
// STATUS: 6
// STDERR-HAS: definitely lost: 109 bytes in 1 blocks|^==PID==leakgc: no leak check:

#include "leaktest.h"

#include <sys/resource.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    struct rlimit limit = {LIMIT, LIMIT};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    lose();
    return 6;
}
