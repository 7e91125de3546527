// SPDX-License-Identifier: MIT
//
// A small block with a very large alignment.
//
// EXPECT: definite 50 1

#include "truth.h"

static NOINLINE void lose(void)
{
    void *p = NULL;
    CHECK(posix_memalign(&p, 1 << 20, 50) == 0 && (uintptr_t)p % (1 << 20) == 0);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
