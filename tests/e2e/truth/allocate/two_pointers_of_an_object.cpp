// SPDX-License-Identifier: MIT
//
// An object of two bases has two addresses; both are forgotten.
//
// EXPECT: definite 48 1

#include "truth.h"

struct first {
    virtual ~first() {}
    long a = 1;
};

struct second {
    virtual ~second() {}
    long b = 2;
};

struct both : first, second {
    long c = 3, d = 4;
};

static NOINLINE void lose()
{
    both *b = new both;
    second *s = b;
    use(b);
    use(s);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
