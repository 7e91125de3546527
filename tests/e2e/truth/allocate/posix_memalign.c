// SPDX-License-Identifier: MIT
//
// The block comes by a pointer to a pointer.
//
// EXPECT: definite 70 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void *p = NULL;
    CHECK(posix_memalign(&p, 32, 70) == 0);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
