// SPDX-License-Identifier: MIT
//
// A terabyte reserved, three pages used: the scan is quick and sees all three.
//
// TIMEOUT: 10
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 3030 3

#include "leaktest.h"

#include <sys/mman.h>

int main(void)
{
    size_t size = (size_t)1 << 40;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        SKIP("can't reserve a terabyte");
    *(void **)base = malloc(1009);
    *(void **)(base + size / 3 / 8 * 8) = malloc(1010);
    *(void **)(base + size - 8) = malloc(1011);
    return 0;
}
