// SPDX-License-Identifier: MIT
//
// An interior pointer far inside a big block.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: possible 33554432 1

#include "leaktest.h"

char *root;

int main(void)
{
    root = malloc(32u << 20); // LEAK: possible 33554432 1
    use(root);
    root += 20000001;
    return 0;
}
