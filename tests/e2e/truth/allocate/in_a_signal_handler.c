// SPDX-License-Identifier: MIT
//
// A handler that allocates while nothing else does.
//
// EXPECT: definite 41 1

#include "truth.h"

#include <signal.h>

static void handle(int number)
{
    use(malloc((size_t)(number - number + 41)));
}

static NOINLINE void lose(void)
{
    signal(SIGUSR1, handle);
    raise(SIGUSR1);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
