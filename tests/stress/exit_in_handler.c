// SPDX-License-Identifier: MIT
//
// A handler calls exit while main allocates, as every SIGTERM handler of the world does. exit is not
// async-signal-safe, and the handler may have interrupted malloc, so what is found is open; but the
// process must end, as it does with the C library's malloc when there is only one thread.
//
// RUNS: 60
// CHECK: status
// TIMEOUT: 10

#include "stress.h"

#include <signal.h>
#include <sys/time.h>

static void *block[4096];

static void on_alarm(int signal)
{
    (void)signal;
    exit(0);
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    struct itimerval once = {{0, 0}, {0, 2000 + getpid() * 7 % 3000}};
    struct dice d = dice_of((uint64_t)getpid());
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &once, NULL);
    for (;;) {
        size_t at = roll(&d) % ARRAY_SIZE(block);
        free(block[at]);
        block[at] = malloc(roll(&d) % (roll(&d) % 8 ? 300 : 100000));
    }
}
