// SPDX-License-Identifier: MIT
//
// errx prints a line and exits with its status. The line goes to a closed descriptor.
//
// EXPECT: definite 249 1
// STATUS: 7

#include "truth.h"

#include <err.h>
#include <fcntl.h>

static NOINLINE void lose(void)
{
    use(malloc(249));
}

static NOINLINE void stop(void)
{
    fclose(stdout);
    err(7, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    stop();
    return 0;
}
