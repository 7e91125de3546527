// SPDX-License-Identifier: MIT
//
// The form that returns NULL instead of throwing.
//
// EXPECT: definite 25 1

#include "truth.h"

#include <new>

static NOINLINE void lose()
{
    use(new (std::nothrow) char[25]);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
