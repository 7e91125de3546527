// SPDX-License-Identifier: MIT
//
// make_shared: the object is destroyed, its memory stays as long as a weak pointer knows the counts.
//
// EXPECT: nothing
// KEPT: 72 2
// GONE: definite 16 1; indirect 56 1

#include "truth.h"

#include <memory>

struct thing {
    char c[40];
};
std::weak_ptr<thing> *root;

static NOINLINE void fill()
{
    auto owner = std::make_shared<thing>();
    root = new std::weak_ptr<thing>(owner);
    use(root);
}

int main()
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
