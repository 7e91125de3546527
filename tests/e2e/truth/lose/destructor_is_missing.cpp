// SPDX-License-Identifier: MIT
//
// A class with a raw pointer and no destructor.
//
// EXPECT: definite 58 1

#include "truth.h"

struct text {
    char *c = new char[58];
};

static NOINLINE void lose()
{
    text t;
    use(&t);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
