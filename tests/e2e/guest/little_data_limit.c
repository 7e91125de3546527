// SPDX-License-Identifier: MIT
//
// RLIMIT_DATA of 100 MB.
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
        struct rlimit limit = {100 << 20, 100 << 20};
        CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    char *p = malloc(20 << 20);
    CHECK(p != NULL);
    memset(p, 1, 20 << 20);
    free(p);
    lose();
    return 0;
}
