// SPDX-License-Identifier: MIT
//
// A program that handles SIGABRT gets it.
//
// PLAIN: no
// STATUS: 5
// STDOUT: handled
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of

#include "leaktest.h"

#include <signal.h>

static void handler(int number)
{
    (void)number;
    CHECK(write(1, "handled\n", 8) == 8);
    _exit(5);
}

int main(void)
{
    void *p = malloc(10);
    signal(SIGABRT, handler);
    use(p);
    free(p);
    use(p);
    free(p);
    return 0;
}
