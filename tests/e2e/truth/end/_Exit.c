// SPDX-License-Identifier: MIT
//
// The same by the standard's name.
//
// EXPECT: no report
// LIVE: definite 226 1
// STATUS: 6

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(226));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    _Exit(6);
}
