// SPDX-License-Identifier: MIT
//
// std::allocator by hand.
//
// EXPECT: definite 96 1

#include "truth.h"

#include <memory>

static NOINLINE void lose()
{
    std::allocator<double> a;
    double *d = a.allocate(12);
    d[0] = 1;
    use(d);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
