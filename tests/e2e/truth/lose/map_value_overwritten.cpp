// SPDX-License-Identifier: MIT
//
// map[key] = new ... over a value that was there.
//
// EXPECT: definite 52 1

#include "truth.h"

#include <map>

std::map<int, char *> m;

static NOINLINE void lose()
{
    m[7] = new char[52];
    use(m[7]);
    m[7] = nullptr;
    use(m[7]);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
