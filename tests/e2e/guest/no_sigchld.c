// SPDX-License-Identifier: MIT
//
// Our helper does not raise SIGCHLD in the program, and works where the program ignores it.
//
// CFLAGS: -O2 | -O2 -DIGNORE
// EXPECT: definite 109 1

#include "leaktest.h"

#include <signal.h>

static UNUSED void handler(int number)
{
    (void)number;
    CHECK(write(1, "a child has ended\n", 18) == 18);
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
#ifdef IGNORE
    signal(SIGCHLD, SIG_IGN);
#else
    signal(SIGCHLD, handler);
#endif
    lose();
    return 0;
}
