// SPDX-License-Identifier: MIT
//
// The result of a task is a pointer that nobody takes.
//
// EXPECT: definite 46 1

#include "truth.h"

#include <future>

static NOINLINE void lose()
{
    auto f = std::async(std::launch::async, [] { return new char[46]; });
    f.wait();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
