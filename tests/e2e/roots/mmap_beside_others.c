// SPDX-License-Identifier: MIT
//
// Mappings beside each other, with other rights between, are all seen.
//
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 20000 20

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    char *base = mmap(NULL, 40 << 16, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(base != MAP_FAILED);
    for (int i = 0; i < 40; i += 2) {
        CHECK(mprotect(base + ((size_t)i << 16), 1 << 16, PROT_READ | PROT_WRITE) == 0);
        *(void **)(base + ((size_t)i << 16) + 65528) = malloc(1000);
    }
    return 0;
}
