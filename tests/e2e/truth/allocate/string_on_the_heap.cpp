// SPDX-License-Identifier: MIT
//
// A string of a hundred characters, made by new: the object and its text.
//
// EXPECT: definite 32 1; indirect 101 1

#include "truth.h"

#include <string>

static NOINLINE void lose()
{
    use(new std::string(100, 'x'));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
