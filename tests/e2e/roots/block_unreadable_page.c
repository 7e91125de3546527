// SPDX-License-Identifier: MIT
//
// A program that makes a page of its own block unreadable (a guard): the scan goes round it.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 1009 1

#include "leaktest.h"

#include <sys/mman.h>

char *block;

int main(void)
{
    block = aligned_alloc(65536, 5 * 65536);
    memset(block, 0, 5 * 65536);
    *(void **)(block + 4 * 65536) = malloc(1009);
    use(block);
#ifdef LOSE
    *(void **)(block + 4 * 65536) = NULL;
#endif
    CHECK(mprotect(block + 2 * 65536, 65536, PROT_NONE) == 0);
    return 0;
}
