// SPDX-License-Identifier: MIT
//
// A child that ends by _exit() is not checked.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/wait.h>

static NOINLINE void lose(size_t size)
{
    use(malloc(size)); // LEAK: definite 109 1
}

int main(void)
{
    lose(109);
    pid_t pid = fork();
    if (pid == 0) {
        lose(50);
        _exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
