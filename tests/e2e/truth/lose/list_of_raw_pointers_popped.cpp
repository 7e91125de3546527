// SPDX-License-Identifier: MIT
//
// pop_front of a global list of raw pointers, twice. The list's own end loses the third: after the point.
//
// EXPECT: definite 162 3
// LIVE: definite 108 2

#include "truth.h"

#include <list>

std::list<char *> l;

static NOINLINE void lose()
{
    for (int i = 0; i < 3; i++)
        l.push_back(new char[54]);
    l.pop_front();
    l.pop_front();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
