// SPDX-License-Identifier: MIT
//
// The program itself has used up all descriptors, and keeps them open: a report, or one line that says
// why there is none.
//
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
    struct rlimit limit = {64, 64};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    while (dup(0) >= 0)
        continue;
    CHECK(errno == EMFILE);
    lose();
    return 6;
}
