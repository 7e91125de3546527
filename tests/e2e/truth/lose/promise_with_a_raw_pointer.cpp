// SPDX-License-Identifier: MIT
//
// A value set in a promise whose future is never asked.
//
// EXPECT: definite 72 1

#include "truth.h"

#include <future>

static NOINLINE void lose()
{
    std::promise<char *> p;
    p.set_value(new char[72]);
    auto f = p.get_future();
    f.wait();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
