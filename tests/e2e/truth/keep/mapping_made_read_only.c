// SPDX-License-Identifier: MIT
//
// A page that the program filled and then protected.
//
// EXPECT: nothing
// KEPT: 1039 1

#include "truth.h"

#include <sys/mman.h>

static NOINLINE void fill(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[8] = malloc(1039);
    FORGET(page[8]);
    CHECK(mprotect(page, 4096, PROT_READ) == 0);
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
