// SPDX-License-Identifier: MIT
//
// A short string's text is inside of the object, which points to itself.
//
// EXPECT: definite 32 1

#include "truth.h"

#include <string>

static NOINLINE void lose()
{
    use(new std::string("short"));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
