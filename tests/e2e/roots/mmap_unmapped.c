// SPDX-License-Identifier: MIT
//
// What stood in memory that is unmapped is gone.
//
// EXPECT: definite 1009 1

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    void **arena = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(arena != MAP_FAILED);
    arena[12345] = malloc(1009); // LEAK: definite 1009 1
    CHECK(munmap(arena, 1 << 20) == 0);
    return 0;
}
