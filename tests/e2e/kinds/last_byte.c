// SPDX-License-Identifier: MIT
//
// A pointer to the last byte of a block is an interior pointer.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: possible 1000017 2

#include "leaktest.h"

char *root[2];

int main(void)
{
    root[0] = malloc(17); // LEAK: possible 17 1
    use(root[0]);
    root[0] += 16;
    root[1] = malloc(1000000); // LEAK: possible 1000000 1
    use(root[1]);
    root[1] += 999999;
    return 0;
}
