// SPDX-License-Identifier: MIT
//
// Ten nodes, and the table of buckets.
//
// EXPECT: definite 56 1; indirect ? 11

#include "truth.h"

#include <unordered_map>

static NOINLINE void lose()
{
    auto *m = new std::unordered_map<int, int>(50);
    for (int i = 0; i < 10; i++)
        (*m)[i] = i;
    use(m);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
