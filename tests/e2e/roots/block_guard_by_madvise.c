// SPDX-License-Identifier: MIT
//
// Guard pages of the newer kind (Linux 6.13), which no list of mappings shows, in a block: the scan goes
// round them. What stands before and behind them counts.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 2019 2

#include "leaktest.h"

#include <sys/mman.h>

enum { PAGE = 4096, GUARD_INSTALL = 102 };
char *block;

static NOINLINE void fill(void)
{
    void *p = malloc(1009);
    void *q = malloc(1010);
    use(p);
    use(q);
    *(void **)block = p;
    *(void **)(block + 12 * PAGE) = q;
#ifdef LOSE
    *(void **)block = *(void **)(block + 12 * PAGE) = NULL;
#endif
}

int main(void)
{
    block = aligned_alloc(PAGE, 16 * PAGE);
    CHECK(block != NULL);
    if (madvise(block + 4 * PAGE, 2 * PAGE, GUARD_INSTALL))
        SKIP("this kernel has no guard regions");
    fill();
    return 0;
}
