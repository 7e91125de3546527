// SPDX-License-Identifier: MIT
//
// A block holds the address of a mapping, the mapping the address of a block.
//
// EXPECT: nothing
// KEPT: 1064 2
// GONE: definite 16 1

#include "truth.h"

#include <sys/mman.h>

void **root;

static NOINLINE void fill(void)
{
    root = calloc(1, 16);
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    root[0] = page;
    page[11] = malloc(1048);
    use(page);
}

int main(void)
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
