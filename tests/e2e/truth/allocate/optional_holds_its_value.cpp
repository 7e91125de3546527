// SPDX-License-Identifier: MIT
//
// An optional has its value inside.
//
// EXPECT: definite 32 1

#include "truth.h"

#include <optional>

struct three {
    long value[3];
};

static NOINLINE void lose()
{
    use(new std::optional<three>(three{}));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
