// SPDX-License-Identifier: MIT
//
// A mapping that is never unmapped is not a block of the heap.
//
// EXPECT: nothing

#include "truth.h"

#include <sys/mman.h>

static NOINLINE void lose(void)
{
    void *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
