// SPDX-License-Identifier: MIT
//
// Private memory that the program mapped for itself.
//
// EXPECT: nothing
// KEPT: 1036 1

#include "truth.h"

#include <sys/mman.h>

static void **page;

static NOINLINE void fill(void)
{
    page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[100000] = malloc(1036);
}

int main(void)
{
    fill();
    FORGET(page[100000]);
    TRUTH_POINT();
    return 0;
}
