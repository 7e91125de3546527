// SPDX-License-Identifier: MIT
//
// Data that the program makes read-only after it was filled is still a root.
//
// ORACLE: not valgrind: it reads writable memory only
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 1009 1

#include "leaktest.h"

#include <sys/mman.h>

char root[65536] __attribute__((aligned(65536)));

int main(void)
{
    *(void **)(root + 4096) = malloc(1009);
    CHECK(mprotect(root, sizeof root, PROT_READ) == 0);
    return 0;
}
