// SPDX-License-Identifier: MIT
//
// The address is written to a file.
//
// EXPECT: definite 92 1

#include "truth.h"

#include <fcntl.h>

static NOINLINE void lose(void)
{
    void *p = malloc(92);
    int file = open("/dev/null", O_WRONLY);
    CHECK(write(file, &p, sizeof p) == sizeof p);
    close(file);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
