// SPDX-License-Identifier: MIT
//
// The result is looked at, and not kept.
//
// EXPECT: definite 31 1

#include "truth.h"

static NOINLINE char *make(void)
{
    return calloc(1, 31);
}

static NOINLINE void lose(void)
{
    CHECK(make() != NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
