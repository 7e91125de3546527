// SPDX-License-Identifier: MIT
//
// RLIMIT_FSIZE of 0, stderr being a file: nothing of ours may write so that SIGXFSZ ends the program.
//
// STATUS: 6
// LOG: allowed
// EXPECT: no report
// CONTROL: report={TMP}/report => no report
// STDOUT: worked

#include "leaktest.h"

#include <sys/resource.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(int argc, char **argv)
{
    printf("worked\n");
    fflush(stdout);
    struct rlimit limit = {0, 0};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    lose();
    return 6;
}
