// SPDX-License-Identifier: MIT
//
// A handler forks, wherever it interrupted the program, malloc not excepted. Its children end at once, or return
// and go on allocating; the parent is checked as ever.
//
// CFLAGS: -O2 | -O2 -DCHILDREN_GO_ON
// TIMEOUT: 30
// EXPECT: definite 77 1

#include "leaktest.h"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKS = 60, BLOCKS = 16 };

static volatile sig_atomic_t forks, is_child;

static void on_alarm(int number)
{
    (void)number;
    if (is_child)
        return;
    int saved = errno;
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
#ifndef CHILDREN_GO_ON
        _exit(0);
#endif
        is_child = 1;
        return;
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    forks++;
    errno = saved;
}

// Each round takes new memory for large blocks and gives it back: much of the time in critical sections.
static NOINLINE void work(void)
{
    void *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = malloc(300000);
        CHECK(block[i]);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
}

int main(void)
{
    struct itimerval period = {{0, 1000}, {0, 1000}};
    signal(SIGALRM, on_alarm);
    CHECK(!setitimer(ITIMER_REAL, &period, NULL));
    while (forks < FORKS && !is_child)
        work();
    if (is_child) {
        for (int i = 0; i < 5; i++)
            work();
        _exit(0);
    }
    memset(&period, 0, sizeof period);
    CHECK(!setitimer(ITIMER_REAL, &period, NULL));
    use(malloc(77)); // LEAK: definite 77 1
    return 0;
}
