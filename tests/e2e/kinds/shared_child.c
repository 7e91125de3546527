// SPDX-License-Identifier: MIT
//
// A child of two lost blocks is counted once.
//
// EXPECT: definite 96 2; indirect 24 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *child = malloc(24); // LEAK: indirect 24 1
    for (volatile int i = 0; i < 2; i++) {
        void **parent = calloc(1, 48); // LEAK: definite 96 2
        parent[1] = child;
        use(parent);
    }
}

int main(void)
{
    lose();
    return 0;
}
