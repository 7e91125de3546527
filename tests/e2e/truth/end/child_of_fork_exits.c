// SPDX-License-Identifier: MIT
//
// The child loses and calls exit, its parent is clean.
//
// EXPECT: nothing
// EXPECT: definite 244 1

#include "truth.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(244));
}

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        lose();
        TRUTH_POINT();
        exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    TRUTH_POINT();
    return 0;
}
