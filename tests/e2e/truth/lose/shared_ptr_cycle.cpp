// SPDX-License-Identifier: MIT
//
// Two objects that own each other.
//
// EXPECT: definite 40 1; indirect 40 1

#include "truth.h"

#include <memory>

struct node {
    std::shared_ptr<node> other;
    long value = 0;
};

static NOINLINE void lose()
{
    auto a = std::make_shared<node>(), b = std::make_shared<node>();
    a->other = b;
    b->other = a;
    use(a.get());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
