// SPDX-License-Identifier: MIT
//
// The mapping that had the pointer is unmapped.
//
// EXPECT: definite 98 1

#include "truth.h"

#include <sys/mman.h>

static NOINLINE void lose(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[9] = malloc(98);
    use(page);
    munmap(page, 4096);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
