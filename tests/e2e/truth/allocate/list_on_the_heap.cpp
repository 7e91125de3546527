// SPDX-License-Identifier: MIT
//
// A list is a ring of its nodes and the object itself.
//
// EXPECT: definite 24 1; indirect 240 10

#include "truth.h"

#include <list>

static NOINLINE void lose()
{
    use(new std::list<long>(10, 1));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
