// SPDX-License-Identifier: MIT
//
// A global vector of raw pointers is cleared and gives its memory back.
//
// EXPECT: definite 153 3

#include "truth.h"

#include <vector>

std::vector<char *> v;

static NOINLINE void lose()
{
    for (int i = 0; i < 3; i++)
        v.push_back(new char[51]);
    use(v.data());
    v.clear();
    v.shrink_to_fit();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
