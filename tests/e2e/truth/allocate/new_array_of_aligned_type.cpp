// SPDX-License-Identifier: MIT
//
// Three of them.
//
// EXPECT: definite 192 1

#include "truth.h"

struct alignas(64) line {
    char c[64];
};

static NOINLINE void lose()
{
    use(new line[3]);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
