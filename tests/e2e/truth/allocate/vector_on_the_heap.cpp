// SPDX-License-Identifier: MIT
//
// A vector made by new: the object and its elements.
//
// EXPECT: definite 24 1; indirect 400 1

#include "truth.h"

#include <vector>

static NOINLINE void lose()
{
    use(new std::vector<int>(100));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
