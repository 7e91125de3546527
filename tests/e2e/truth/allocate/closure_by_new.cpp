// SPDX-License-Identifier: MIT
//
// A lambda object on the heap has the size of what it captures.
//
// EXPECT: definite 24 1

#include "truth.h"

static NOINLINE void lose()
{
    long a = 1, b = 2, c = 3;
    auto closure = [a, b, c] { return a + b + c; };
    use(new decltype(closure)(closure));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
