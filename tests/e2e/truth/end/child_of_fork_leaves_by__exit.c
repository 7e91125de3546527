// SPDX-License-Identifier: MIT
//
// A child that leaves by _exit says nothing, whatever it lost.
//
// EXPECT: nothing
// LIVE: nothing
// LIVE: definite 245 1

#include "truth.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(245));
}

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        lose();
        TRUTH_POINT();
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    TRUTH_POINT();
    return 0;
}
