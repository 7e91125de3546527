// SPDX-License-Identifier: MIT
//
// A vector of raw pointers ends, what they point to does not.
//
// EXPECT: definite 250 5

#include "truth.h"

#include <vector>

static NOINLINE void lose()
{
    std::vector<char *> v;
    for (int i = 0; i < 5; i++)
        v.push_back(new char[50]);
    use(v.data());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
