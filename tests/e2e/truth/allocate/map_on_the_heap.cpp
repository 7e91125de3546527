// SPDX-License-Identifier: MIT
//
// A map of a hundred numbers: a tree whose nodes point to their parents.
//
// EXPECT: definite 48 1; indirect 4000 100

#include "truth.h"

#include <map>

static NOINLINE void lose()
{
    auto *m = new std::map<int, int>;
    for (int i = 0; i < 100; i++)
        (*m)[i] = i;
    use(m);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
