// SPDX-License-Identifier: MIT
//
// The child of vfork becomes the same program with an argument.
//
// EXPECT: definite 248 1
// EXPECT: nothing
// LIVE: definite 248 1
// LIVE: nothing

#include "truth.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(248));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc == 2) {
        TRUTH_POINT();
        return 0;
    }
    lose();
    pid_t child = vfork();
    if (child == 0) {
        execl("/proc/self/exe", "again", "second", NULL);
        _exit(1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    TRUTH_POINT();
    return 0;
}
