// SPDX-License-Identifier: MIT
//
// An object with a constructor.
//
// EXPECT: definite 40 1

#include "truth.h"

struct thing {
    long a, b, c, d, e;
    thing() : a(1), b(2), c(3), d(4), e(5) {}
};

static NOINLINE void lose()
{
    use(new thing);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
