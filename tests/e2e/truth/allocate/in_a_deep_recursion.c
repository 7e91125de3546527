// SPDX-License-Identifier: MIT
//
// A block at each of a thousand levels.
//
// EXPECT: definite 60000 1000

#include "truth.h"

static NOINLINE int descend(int level)
{
    use(malloc(60));
    return level == 0 ? 0 : 1 + descend(level - 1);
}

static NOINLINE void lose(void)
{
    CHECK(descend(999) == 999);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
