// SPDX-License-Identifier: MIT
//
// A pointer to the byte after a block does not point to the block.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: definite 1000016 2

#include "leaktest.h"

char *root[2];

int main(void)
{
    root[0] = malloc(16); // LEAK: definite 16 1
    use(root[0]);
    root[0] += 16;
    root[1] = malloc(1000000); // LEAK: definite 1000000 1
    use(root[1]);
    root[1] += 1000000;
    return 0;
}
