// SPDX-License-Identifier: MIT
//
// An error in a child process ends the child, not the parent.
//
// PLAIN: no
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of
// STATUS: 0

#include "leaktest.h"

#include <signal.h>
#include <sys/wait.h>

int main(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        void *p = malloc(10);
        use(p);
        free(p);
        use(p);
        free(p);
        _exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    return 0;
}
