// SPDX-License-Identifier: MIT
//
// The argument of on_exit keeps the block until its handler frees it.
//
// EXPECT: nothing

#include "truth.h"

static void last(int status, void *argument)
{
    CHECK(status == 0);
    free(argument);
}

static NOINLINE void lose(void)
{
    char *p = malloc(237);
    use(p);
    CHECK(on_exit(last, p) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
