// SPDX-License-Identifier: MIT
//
// errx prints a line and exits with its status.
//
// EXPECT: definite 249 1
// STATUS: 7

#include "truth.h"

#include <err.h>

static NOINLINE void lose(void)
{
    use(malloc(249));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    errx(7, "no such thing");
}
