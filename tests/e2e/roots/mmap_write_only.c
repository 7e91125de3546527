// SPDX-License-Identifier: MIT
//
// Memory that may be written but not read, and memory without any access: the scan passes over both. The
// program can't read pointers there, so none counts.
//
// EXPECT: definite 2019 2
// CONTROL: -DREADABLE => nothing

#include "leaktest.h"

#include <sys/mman.h>

static NOINLINE void fill(size_t bytes, int protection)
{
    void **area = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    area[7] = malloc(bytes);
#ifdef READABLE
    protection |= PROT_READ;
#endif
    CHECK(mprotect(area, 4096, protection) == 0);
}

int main(void)
{
    fill(1009, PROT_WRITE);
    fill(1010, PROT_NONE);
    return 0;
}
