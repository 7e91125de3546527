// SPDX-License-Identifier: MIT
//
// A block that exists as the argument of a call only.
//
// EXPECT: definite 28 1

#include "truth.h"

static NOINLINE size_t length(const char *text)
{
    return strlen(text);
}

static NOINLINE void lose(void)
{
    CHECK(length(calloc(1, 28)) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
