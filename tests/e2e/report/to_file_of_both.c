// SPDX-License-Identifier: MIT
//
// A parent and its child that are to write to the same file: neither report is lost.
//
// ENV: LEAKGC_OPTIONS=report={TMP}/leaks.txt
// FILE: leaks.txt
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
        exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
