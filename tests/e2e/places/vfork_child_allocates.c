// SPDX-License-Identifier: MIT
//
// A vfork child that allocates and frees, in its parent's memory.
//
// EXPECT: nothing

#include "leaktest.h"

#include <sys/wait.h>

void *volatile from_child;

int main(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        void *p = malloc(100);
        use(p);
        free(p);
        from_child = malloc(200);
        _exit(0);
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(from_child != NULL);
    from_child = realloc(from_child, 1000);
    free(from_child);
    return 0;
}
