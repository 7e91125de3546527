// SPDX-License-Identifier: MIT
//
// The mapping grows and moves by mremap.
//
// EXPECT: nothing
// KEPT: 1038 1

#include "truth.h"

#include <sys/mman.h>

static void **page;

static NOINLINE void fill(void)
{
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[7] = malloc(1038);
    page = mremap(page, 4096, 1 << 22, MREMAP_MAYMOVE);
    CHECK(page != MAP_FAILED);
}

int main(void)
{
    fill();
    FORGET(page[7]);
    TRUTH_POINT();
    return 0;
}
