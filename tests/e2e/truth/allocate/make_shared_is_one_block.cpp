// SPDX-License-Identifier: MIT
//
// make_shared puts the counts before the object.
//
// EXPECT: definite 16 1; indirect 56 1

#include "truth.h"

#include <memory>

struct thing {
    char c[40];
};

static NOINLINE void lose()
{
    use(new std::shared_ptr<thing>(std::make_shared<thing>()));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
