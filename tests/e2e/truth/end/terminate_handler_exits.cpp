// SPDX-License-Identifier: MIT
//
// A handler of std::terminate that leaves by exit.
//
// EXPECT: definite 253 1
// STATUS: 8

#include "truth.h"

#include <exception>

static NOINLINE void lose()
{
    use(new char[253]);
}

static void last()
{
    TRUTH_POINT();
    exit(8);
}

int main()
{
    std::set_terminate(last);
    lose();
    std::terminate();
}
