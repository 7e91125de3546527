// SPDX-License-Identifier: MIT
//
// A block's pointer to itself does not keep it, and it is its own leader.
//
// EXPECT: definite 64 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void **p = calloc(1, 64); // LEAK: definite 64 1
    p[0] = p;
    p[3] = (char *)p + 8;
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
