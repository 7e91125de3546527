// SPDX-License-Identifier: MIT
//
// Masks and handlers are as the program has set them; all are at their defaults at the start.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <signal.h>

static void handler(int number)
{
    (void)number;
}

static void *check_thread(void *unused)
{
    sigset_t set;
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &set) == 0);
    for (int i = 1; i <= SIGRTMAX; i++)
        if (i < 32 || i >= SIGRTMIN)
            CHECK(sigismember(&set, i) == (i == SIGUSR1 || i == SIGRTMAX));
    return unused;
}

int main(void)
{
    sigset_t set;
    struct sigaction action;
    printf("%d %d\n", SIGRTMIN, SIGRTMAX);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
    for (int i = 1; i <= SIGRTMAX; i++) {
        if (i >= 32 && i < SIGRTMIN)
            continue;
        CHECK(sigismember(&set, i) == 0);
        CHECK(sigaction(i, NULL, &action) == 0);
        if (action.sa_handler != SIG_DFL)
            printf("signal %d has a handler\n", i);
    }
    for (int i = SIGRTMIN; i <= SIGRTMAX; i++) { // all of them can be had
        action.sa_handler = handler;
        action.sa_flags = SA_RESTART;
        CHECK(sigaction(i, &action, NULL) == 0);
        CHECK(sigaction(i, NULL, &action) == 0);
        CHECK(action.sa_handler == handler && (action.sa_flags & SA_RESTART));
        CHECK(raise(i) == 0);
    }
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMAX);
    CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
    sigemptyset(&set);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
    CHECK(sigismember(&set, SIGUSR1) && sigismember(&set, SIGRTMAX) && !sigismember(&set, SIGUSR2));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, check_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
