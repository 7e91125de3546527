// SPDX-License-Identifier: MIT
//
// operator new called as a function.
//
// EXPECT: definite 31 1

#include "truth.h"

#include <new>

static NOINLINE void lose()
{
    use(::operator new(31));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
