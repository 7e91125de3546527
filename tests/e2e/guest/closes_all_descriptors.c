// SPDX-License-Identifier: MIT
//
// A program that closes all descriptors from 3 up, as daemons do: report and lines are there.
//
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    lose();
    return 0;
}
