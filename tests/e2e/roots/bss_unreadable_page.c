// SPDX-License-Identifier: MIT
//
// A page in the middle of .bss that nobody can read: the scan goes round it, what stands before and
// behind counts.
//
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 2019 2

#include "leaktest.h"

#include <sys/mman.h>

char root[5 * 65536] __attribute__((aligned(65536)));

int main(void)
{
    *(void **)root = malloc(1009);
    *(void **)(root + 4 * 65536) = malloc(1010);
    CHECK(mprotect(root + 2 * 65536, 65536, PROT_NONE) == 0);
    return 0;
}
