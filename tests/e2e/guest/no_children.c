// SPDX-License-Identifier: MIT
//
// There is no child process that the program did not start, before the end and in its own handlers.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/wait.h>

static void end(void)
{
    CHECK(wait(NULL) == -1 && errno == ECHILD);
}

__attribute__((destructor)) static void late(void)
{
    CHECK(wait(NULL) == -1 && errno == ECHILD);
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    CHECK(atexit(end) == 0);
    CHECK(wait(NULL) == -1 && errno == ECHILD);
    lose();
    return 0;
}
