// SPDX-License-Identifier: MIT
//
// The same where the child returns from main.
//
// EXPECT: definite 109 1
// EXPECT: definite 159 2

#include "leaktest.h"

#include <sys/wait.h>

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

int main(void)
{
    lose(109);
    pid_t pid = fork();
    if (pid == 0) {
        lose(50);
        return 0;
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
