// SPDX-License-Identifier: MIT
//
// A page between two that can't be read.
//
// EXPECT: nothing
// KEPT: 1041 1

#include "truth.h"

#include <sys/mman.h>

static NOINLINE void fill(void)
{
    char *page = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && mprotect(page + 4096, 4096, PROT_READ | PROT_WRITE) == 0);
    void **middle = (void **)(page + 4096);
    middle[3] = malloc(1041);
    FORGET(middle[3]);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
