// SPDX-License-Identifier: MIT
//
// What a std::function captures, if it is large, is in a block of its own.
//
// EXPECT: definite 32 1; indirect 80 1

#include "truth.h"

#include <functional>

struct ten {
    long value[10];
};

static NOINLINE void lose()
{
    ten t = {};
    use(new std::function<long()>([t] { return t.value[3]; }));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
