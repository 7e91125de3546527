// SPDX-License-Identifier: MIT
//
// malloc called through a pointer to it.
//
// EXPECT: definite 33 1

#include "truth.h"

void *(*volatile allocate)(size_t) = malloc;

static NOINLINE void lose(void)
{
    use(allocate(33));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
