// SPDX-License-Identifier: MIT
//
// A page of globals that the program protects after filling it.
//
// EXPECT: nothing
// KEPT: 1010 1

#include "truth.h"

#include <sys/mman.h>

static struct {
    char *pointer[512];
} page __attribute__((aligned(4096)));

static NOINLINE void fill(void)
{
    page.pointer[77] = malloc(1010);
    use(&page);
}

int main(void)
{
    fill();
    FORGET(page.pointer[77]);
    CHECK(mprotect(&page, 4096, PROT_READ) == 0);
    TRUTH_POINT();
    return 0;
}
