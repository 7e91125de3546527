// SPDX-License-Identifier: MIT
//
// The page is still mapped, but its contents were dropped.
//
// EXPECT: definite 99 1

#include "truth.h"

#include <sys/mman.h>

void **page;

static NOINLINE void lose(void)
{
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[9] = malloc(99);
    use(page);
    CHECK(madvise(page, 4096, MADV_DONTNEED) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
