// SPDX-License-Identifier: MIT
//
// A shared pointer, made from a pointer of new: the object and the counts, 24 bytes.
//
// EXPECT: definite 16 1; indirect 64 2

#include "truth.h"

#include <memory>

struct thing {
    char c[40];
};

static NOINLINE void lose()
{
    use(new std::shared_ptr<thing>(new thing));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
