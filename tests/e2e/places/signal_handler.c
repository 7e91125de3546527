// SPDX-License-Identifier: MIT
//
// malloc and free in signal handlers that interrupt the program's own code.
//
// EXPECT: definite 1000 10

#include "leaktest.h"

#include <signal.h>

static volatile int count;

static void handler(int number)
{
    (void)number;
    void *p = malloc(50);
    use(p);
    free(p);
    if (count++ < 10)
        use(malloc(100)); // LEAK: definite 1000 10
}

int main(void)
{
    signal(SIGUSR1, handler);
    for (int i = 0; i < 100; i++)
        raise(SIGUSR1);
    CHECK(count == 100);
    return 0;
}
