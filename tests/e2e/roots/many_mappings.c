// SPDX-License-Identifier: MIT
//
// Twenty thousand separate mappings, each with the only pointer to a block.
//
// CFLAGS: -O2
// TIMEOUT: 20
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 2000000 20000

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    for (int i = 0; i < 20000; i++) {
        // Every second one with other rights, or the kernel would make one big mapping of them.
        void **page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(page != MAP_FAILED);
        CHECK(mprotect(page, 4096, PROT_NONE) == 0);
        page[512 + i % 512] = malloc(100);
    }
    return 0;
}
