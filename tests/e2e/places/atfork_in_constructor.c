// SPDX-License-Identifier: MIT
//
// A library that the program is linked with registers handlers of fork in its constructor, which comes before
// everything else, and forks there; the handlers allocate, in both processes.
//
// SOLIB:
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

void library_function(void);

#ifdef BUILD_SOLIB
static int calls;

static void allocate(void)
{
    char *p = malloc(100);
    CHECK(p);
    memset(p, 1, 100);
    free(p);
    calls++;
}

static void fork_once(void)
{
    int before = calls;
    int status = -1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(calls == before + 2 ? 0 : 1);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0 && calls == before + 2);
}

__attribute__((constructor)) static void start(void)
{
    CHECK(!pthread_atfork(allocate, allocate, allocate));
    fork_once();
}

void library_function(void)
{
    fork_once();
}
#else
int main(void)
{
    library_function();
    return 0;
}
#endif
