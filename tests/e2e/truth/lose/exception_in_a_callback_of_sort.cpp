// SPDX-License-Identifier: MIT
//
// A comparison throws out of std::sort, over the owner of a block.
//
// EXPECT: definite 45 1

#include "truth.h"

#include <algorithm>

static NOINLINE void lose()
{
    int number[5] = {3, 1, 2, 5, 4};
    try {
        char *p = new char[45];
        use(p);
        std::sort(number, number + 5, [](int, int) -> bool { throw 1; });
        delete[] p;
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
