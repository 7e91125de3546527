// SPDX-License-Identifier: MIT
//
// So is a large value of a std::any.
//
// EXPECT: definite 16 1; indirect 48 1

#include "truth.h"

#include <any>

struct six {
    long value[6];
};

static NOINLINE void lose()
{
    use(new std::any(six{}));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
