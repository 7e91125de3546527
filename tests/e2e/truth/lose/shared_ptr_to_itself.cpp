// SPDX-License-Identifier: MIT
//
// An object that owns itself.
//
// EXPECT: definite 32 1

#include "truth.h"

#include <memory>

struct node {
    std::shared_ptr<node> self;
};

static NOINLINE void lose()
{
    auto a = std::make_shared<node>();
    a->self = a;
    use(a.get());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
