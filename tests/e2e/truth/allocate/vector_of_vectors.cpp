// SPDX-License-Identifier: MIT
//
// A vector of five vectors of eight numbers.
//
// EXPECT: definite 24 1; indirect 280 6

#include "truth.h"

#include <vector>

static NOINLINE void lose()
{
    use(new std::vector<std::vector<int>>(5, std::vector<int>(8)));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
