// SPDX-License-Identifier: MIT
//
// A handler of atexit calls exit once more, with another status.
//
// EXPECT: definite 211 1
// STATUS: 4

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(211));
}

static void last(void)
{
    exit(4);
}

int main(void)
{
    CHECK(atexit(last) == 0);
    lose();
    TRUTH_POINT();
    return 0;
}
