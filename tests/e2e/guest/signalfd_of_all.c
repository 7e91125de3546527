// SPDX-License-Identifier: MIT
//
// A program that takes all signals by signalfd or sigwait in a thread: no signal of ours turns up.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <pthread.h>
#include <signal.h>

static void *waiter(void *argument)
{
    int number = 0;
    for (;;) {
        sigwait(argument, &number);
        dprintf(1, "signal %d\n", number);
    }
    return NULL;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    static sigset_t all;
    pthread_t thread;
    sigfillset(&all);
    CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, waiter, &all) == 0);
    usleep(10000);
    lose();
    return 0;
}
