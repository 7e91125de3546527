// SPDX-License-Identifier: MIT
//
// What was lost before the fork is lost in both; the child loses one more.
//
// EXPECT: definite 242 1
// EXPECT: definite 485 2

#include "truth.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(242));
}

static NOINLINE void lose_more(void)
{
    use(malloc(243));
}

int main(void)
{
    lose();
    pid_t child = fork();
    if (child == 0)
        lose_more();
    TRUTH_POINT();
    if (child > 0)
        CHECK(waitpid(child, NULL, 0) == child);
    return 0;
}
