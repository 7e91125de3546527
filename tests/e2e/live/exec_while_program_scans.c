// SPDX-License-Identifier: MIT
//
// A thread asks for one scan after the other while another one executes a program: a stop signal that is on its
// way must not end the new program. Execution that fails keeps no scan from its result.
//
// CFLAGS: -O2
// EXPECT: nothing

#include "livetest.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 60 };

static long (*scan)(void);

static void *scan_for_ever(void *unused)
{
    for (;;)
        scan();
    return unused;
}

static void *execute_in_vain(void *unused)
{
    char *nothing[] = {NULL};
    for (;;)
        execv("/nonexistent/program", nothing);
    return unused;
}

static void execute_a_program(int number)
{
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, scan_for_ever, NULL));
    usleep(1000 + (unsigned)number * 100);
    execl("/bin/true", "true", (char *)NULL);
    _exit(9);
}

int main(void)
{
    scan = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    if (!scan)
        return 0;
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (!child)
            execute_a_program(i);
        int status;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, execute_in_vain, NULL));
    for (int i = 0; i < 20; i++)
        CHECK(scan() == 0);
    return 0;
}
