// SPDX-License-Identifier: MIT
//
// RLIMIT_AS of 300 MB: the library takes what there is, and finds the leak.
//
// LOG: allowed
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
        struct rlimit limit = {300 << 20, 300 << 20};
        CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    char *p = malloc(50 << 20);
    CHECK(p != NULL);
    memset(p, 1, 50 << 20);
    free(p);
    lose();
    return 0;
}
