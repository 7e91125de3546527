// SPDX-License-Identifier: MIT
//
// A million lost blocks of one site, and of many sizes: one record, in reasonable time.
//
// CFLAGS: -O2
// TIMEOUT: 20
// EXPECT: definite 32500000 1000000

#include "leaktest.h"

int main(void)
{
    for (volatile int i = 0; i < 1000000; i++)
        use(malloc((size_t)(i % 64) + 1)); // LEAK: definite 32500000 1000000
    return 0;
}
