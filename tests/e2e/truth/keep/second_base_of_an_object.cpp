// SPDX-License-Identifier: MIT
//
// An object with two bases, known as its second one.
//
// EXPECT: nothing
// KEPT: 48 1

#include "truth.h"

struct first {
    virtual ~first() {}
    long a = 1;
};

struct second {
    virtual ~second() {}
    long b = 2;
};

struct both : first, second {
    long c = 3, d = 4;
};
second *root;

static NOINLINE void fill()
{
    root = new both;
    use(root);
}

int main()
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
