// SPDX-License-Identifier: MIT
//
// RLIMIT_NPROC of 1: no helper can be started; a report, perhaps without lines.
//
// LOG: allowed
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/resource.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    struct rlimit limit = {1, 1};
    CHECK(setrlimit(RLIMIT_NPROC, &limit) == 0);
    lose();
    return 0;
}
