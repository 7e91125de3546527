// SPDX-License-Identifier: MIT
//
// Over-aligned blocks are blocks like others: their address is the start, their size the asked one.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: definite 100 1; possible 300 1

#include "leaktest.h"

#include <malloc.h>

void *root[3];

int main(void)
{
    root[0] = aligned_alloc(4096, 100); // LEAK: definite 100 1
    use(root[0]);
    root[0] = NULL;
    root[1] = memalign(64, 200);
    CHECK(posix_memalign(&root[2], 1 << 20, 300) == 0); // LEAK: possible 300 1
    root[2] = (char *)root[2] + 8;
    return 0;
}
