// SPDX-License-Identifier: MIT
//
// A grandchild that its parent does not know ends later; a pipe tells when.
//
// EXPECT: definite 246 1
// EXPECT: nothing
// LIVE: definite 246 1
// LIVE: nothing

#include "truth.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(246));
}

int main(void)
{
    int ends[2];
    char c;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        if (fork() > 0)
            _exit(0);
        close(ends[0]);
        lose();
        TRUTH_POINT();
        exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    close(ends[1]);
    CHECK(read(ends[0], &c, 1) == 0);
    TRUTH_POINT();
    return 0;
}
