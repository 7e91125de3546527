// SPDX-License-Identifier: MIT
//
// A child that goes on after its parent's end: both report.
//
// EXPECT: definite 109 1
// EXPECT: definite 50 1

#include "leaktest.h"

#include <sys/wait.h>

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

static int orphan(pid_t parent)
{
    while (getppid() == parent)
        usleep(1000);
    lose(109);
    return 0;
}

int main(void)
{
    int sides[2];
    char byte;
    CHECK(pipe(sides) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        pid_t self = getpid();
        if (fork() == 0)
            return orphan(self);
        lose(50);
        return 0;
    }
    close(sides[1]);
    CHECK(waitpid(pid, NULL, 0) == pid);
    CHECK(read(sides[0], &byte, 1) == 0); // when the orphan has ended, too
    return 0;
}
