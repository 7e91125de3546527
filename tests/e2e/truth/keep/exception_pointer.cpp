// SPDX-License-Identifier: MIT
//
// An exception that was caught and is kept by a global, with a pointer behind its header.
//
// EXPECT: possible ? 1

#include "truth.h"

#include <exception>

std::exception_ptr *root;

static NOINLINE void fill()
{
    try {
        throw 17;
    } catch (...) {
        root = new std::exception_ptr(std::current_exception());
    }
}

int main()
{
    fill();
    TRUTH_POINT();
    return 0;
}
