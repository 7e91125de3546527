// SPDX-License-Identifier: MIT
//
// Memory that is shared with other processes is not searched. See LIMITATIONS.
//
// EXPECT: definite 94 1

#include "truth.h"

#include <sys/mman.h>

void **shared;

static NOINLINE void lose(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    shared[3] = malloc(94);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
