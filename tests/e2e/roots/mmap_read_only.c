// SPDX-License-Identifier: MIT
//
// A private mapping that was filled and then made read-only still counts.
//
// ORACLE: not valgrind: it reads writable memory only
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 1009 1

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    void **arena = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(arena != MAP_FAILED);
    arena[12345] = malloc(1009);
    CHECK(mprotect(arena, 1 << 20, PROT_READ) == 0);
    return 0;
}
