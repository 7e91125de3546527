// SPDX-License-Identifier: MIT
//
// The smallest new.
//
// EXPECT: definite 4 1

#include "truth.h"

static NOINLINE void lose()
{
    use(new int(7));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
