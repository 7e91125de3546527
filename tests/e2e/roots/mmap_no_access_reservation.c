// SPDX-License-Identifier: MIT
//
// A terabyte reserved without any access, a part opened: quick, and the open part counts.
//
// TIMEOUT: 10
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 1009 1

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    size_t size = (size_t)1 << 40;
    char *base = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        SKIP("can't reserve a terabyte");
    CHECK(mprotect(base + size / 2, 1 << 20, PROT_READ | PROT_WRITE) == 0);
    *(void **)(base + size / 2 + 4096) = malloc(1009);
    return 0;
}
