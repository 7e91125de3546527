// SPDX-License-Identifier: MIT
//
// A deque of a few numbers: the map of its buffers, and one buffer.
//
// EXPECT: definite 80 1; indirect 576 2

#include "truth.h"

#include <deque>

static NOINLINE void lose()
{
    auto *d = new std::deque<int>;
    d->push_back(1);
    use(d);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
