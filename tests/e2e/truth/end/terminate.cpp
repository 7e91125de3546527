// SPDX-License-Identifier: MIT
//
// std::terminate aborts.
//
// EXPECT: no report
// LIVE: definite 252 1
// SIGNAL: ABRT

#include "truth.h"

#include <exception>

static NOINLINE void lose()
{
    use(new char[252]);
}

int main()
{
    lose();
    TRUTH_POINT();
    std::terminate();
}
