// SPDX-License-Identifier: MIT
//
// A pointer stored at an odd address does not count: the program can't expect a scanner to see it.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: definite 48 1
// CONTROL: unaligned=1 => nothing
// CONTROL: -DALIGNED => nothing

#include "leaktest.h"

char root[32] __attribute__((aligned(16)));

int main(void)
{
    void *p = malloc(48); // LEAK: definite 48 1
#ifdef ALIGNED
    memcpy(root + 8, &p, sizeof p);
#else
    memcpy(root + 3, &p, sizeof p);
#endif
    return 0;
}
