// SPDX-License-Identifier: MIT
//
// A virtual object made by a factory; the caller wanted its side effect only.
//
// EXPECT: definite 24 1

#include "truth.h"

struct shape {
    long a = 1, b = 2;
    virtual ~shape() {}
};

static NOINLINE shape *make()
{
    shape *s = new shape;
    use(s);
    return s;
}

static NOINLINE void lose()
{
    make();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
