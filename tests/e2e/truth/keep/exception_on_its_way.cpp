// SPDX-License-Identifier: MIT
//
// The program ends inside of a catch: the exception object, with its text, is alive. The C++ library knows
// it by a pointer behind its header: possibly lost.
//
// EXPECT: possible ? 2

#include "truth.h"

#include <stdexcept>

static NOINLINE void fill()
{
    throw std::runtime_error("a text that is too long to be inside of the object itself");
}

int main()
{
    try {
        fill();
    } catch (const std::exception &e) {
        TRUTH_POINT();
        exit(0);
    }
    return 1;
}
