// SPDX-License-Identifier: MIT
//
// std::any owns the pointer, not what it points to.
//
// EXPECT: definite 67 1

#include "truth.h"

#include <any>

std::any a;

static NOINLINE void lose()
{
    a = new char[67];
    use(std::any_cast<char *>(a));
    a = 0L;
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
