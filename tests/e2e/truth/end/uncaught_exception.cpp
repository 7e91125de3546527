// SPDX-License-Identifier: MIT
//
// An exception that nobody catches aborts.
//
// EXPECT: no report
// LIVE: definite 251 1
// SIGNAL: ABRT

#include "truth.h"

static NOINLINE void lose()
{
    use(new char[251]);
}

int main()
{
    lose();
    TRUTH_POINT();
    throw 1;
}
