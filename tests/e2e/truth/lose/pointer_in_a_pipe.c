// SPDX-License-Identifier: MIT
//
// The address is in a pipe, where only the kernel has it. See LIMITATIONS.
//
// EXPECT: definite 93 1

#include "truth.h"

int ends[2];

static NOINLINE void lose(void)
{
    void *p = malloc(93);
    CHECK(pipe(ends) == 0 && write(ends[1], &p, sizeof p) == sizeof p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
