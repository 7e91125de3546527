// SPDX-License-Identifier: MIT
//
// A destructor allocates and forgets.
//
// EXPECT: definite 239 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(239));
}

__attribute__((destructor)) static void late(void)
{
    lose();
    TRUTH_POINT();
}

int main(void)
{
    return 0;
}
