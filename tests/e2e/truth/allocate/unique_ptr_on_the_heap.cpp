// SPDX-License-Identifier: MIT
//
// A unique pointer that is itself lost.
//
// EXPECT: definite 8 1; indirect 40 1

#include "truth.h"

#include <memory>

struct thing {
    char c[40];
};

static NOINLINE void lose()
{
    use(new std::unique_ptr<thing>(new thing));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
