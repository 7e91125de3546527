// SPDX-License-Identifier: MIT
//
// Memory that the program mapped itself (arenas, garbage-collected heaps): its words count.
//
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
    return 0;
}
