// SPDX-License-Identifier: MIT
//
// An assertion that does not hold aborts.
//
// EXPECT: no report
// LIVE: definite 228 1
// SIGNAL: ABRT

#include "truth.h"

#include <assert.h>
#include <fcntl.h>

volatile int one = 1;

static NOINLINE void lose(void)
{
    use(malloc(228));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    CHECK(dup2(open("/dev/null", O_WRONLY), 2) == 2);
    assert(one == 2);
    return 0;
}
