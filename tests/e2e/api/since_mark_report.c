// SPDX-License-Identifier: MIT
//
// The report of what was leaked since a mark, and LEAKGC_TEST_BEGIN and LEAKGC_TEST_LEAKS for unit tests.
//
// STDERR-HAS: detected memory leaks \(scan 1: allocated since a mark, 
// EXPECT: definite 20 1
// EXPECT: definite 30 2
// PLAIN: no
// CONTROL: -DCLEAN => definite 10 1

#include "apitest.h"

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

int main(void)
{
    CHECK(WITH);
    lose(10);
    LEAKGC_TEST_BEGIN(mark);
#ifndef CLEAN
    lose(20);
#endif
    clobber();
    long leaks = LEAKGC_TEST_LEAKS(mark);
#ifdef CLEAN
    CHECK(leaks == 0);
#else
    CHECK(leaks == 1);
#endif
    return 0;
}
