// SPDX-License-Identifier: MIT
//
// A list with one direction.
//
// EXPECT: definite 8 1; indirect 160 10

#include "truth.h"

#include <forward_list>

static NOINLINE void lose()
{
    use(new std::forward_list<long>(10, 1));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
