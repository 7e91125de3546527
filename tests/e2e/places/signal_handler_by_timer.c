// SPDX-License-Identifier: MIT
//
// The same by a timer that fires a thousand times a second while main computes.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

#include <signal.h>
#include <sys/time.h>

static volatile int count;

static void handler(int number)
{
    (void)number;
    char *p = calloc(1, 50 + (size_t)count * 31);
    p = realloc(p, 3000);
    use(p);
    free(p);
    count++;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 1000}, {0, 1000}};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    volatile double sum = 0;
    while (count < 300)
        for (int i = 1; i < 1000; i++)
            sum = sum + 1.0 / i;
    struct itimerval never = {{0, 0}, {0, 0}};
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    return 0;
}
