// SPDX-License-Identifier: MIT
//
// Small and unlimited stacks (the latter change where the kernel maps everything).
//
// CFLAGS: -O2 -DLIMIT=(256<<10) | -O2 -DLIMIT=RLIM_INFINITY
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/resource.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        struct rlimit limit = {LIMIT, RLIM_INFINITY};
        CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    lose();
    return 0;
}
