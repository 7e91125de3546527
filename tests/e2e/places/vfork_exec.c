// SPDX-License-Identifier: MIT
//
// vfork and exec, vfork and _exit: the parent goes on as before, and only it reports.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    int status = -1;
    for (int i = 0; i < 20; i++) {
        pid_t pid = vfork();
        if (pid == 0) {
            if (i % 2)
                execl("/bin/true", "true", (char *)NULL);
            _exit(i % 2 ? 99 : 3);
        }
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == (i % 2 ? 0 : 3));
    }
    lose();
    return 0;
}
