// SPDX-License-Identifier: MIT
//
// A mapping is searched whether or not the program still knows its address.
//
// EXPECT: nothing
// KEPT: 1037 1

#include "truth.h"

#include <sys/mman.h>

static NOINLINE void fill(void)
{
    void **page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[512] = malloc(1037);
    FORGET(page[512]);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
