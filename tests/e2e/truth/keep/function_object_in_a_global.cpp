// SPDX-License-Identifier: MIT
//
// A global function object with a large closure.
//
// EXPECT: nothing
// KEPT: 112 2
// GONE: definite 32 1; indirect 80 1

#include "truth.h"

#include <functional>

struct ten {
    long value[10];
};
std::function<long()> *root;

static NOINLINE void fill()
{
    ten t = {};
    root = new std::function<long()>([t] { return t.value[3]; });
    use(root);
}

int main()
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
