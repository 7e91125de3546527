// SPDX-License-Identifier: MIT
//
// Programs started by the program are checked, too, unless children=0.
//
// EXPECT: definite 109 1
// EXPECT: definite 50 1
// CONTROL: children=0 => definite 109 1
// CONTROL: children=1 -DNO_CHILD => definite 109 1

#include "leaktest.h"

#include <sys/wait.h>

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        lose(50);
        return 0;
    }
    lose(109);
#ifndef NO_CHILD
    pid_t pid = fork();
    if (pid == 0) {
        char *more[] = {argv[0], "child", NULL};
        execv("/proc/self/exe", more);
        _exit(1);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
#endif
    return 0;
}
