// SPDX-License-Identifier: MIT
//
// A C++ program with its run-time library inside, which finds its unwinder there: a preloaded library
// must not put another one before it.
//
// LDFLAGS: -static-libgcc -static-libstdc++
// EXPECT: nothing

#include "leaktest.h"

#include <stdexcept>
#include <vector>

static NOINLINE int descend(int depth)
{
    std::vector<int> v(100, depth);
    if (depth == 0)
        throw std::runtime_error("at the bottom");
    return descend(depth - 1) + v[5];
}

int main()
{
    for (int i = 0; i < 100; i++) {
        try {
            descend(10);
            CHECK(!"reached");
        } catch (const std::runtime_error &) {
        }
    }
    return 0;
}
