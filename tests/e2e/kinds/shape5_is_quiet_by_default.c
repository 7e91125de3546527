// SPDX-License-Identifier: MIT
//
// What is only possibly lost is not shown unless asked for.
//
// EXPECT: nothing
// CONTROL: kinds=possible => possible 32 1

#include "leaktest.h"

char *root;

int main(void)
{
    root = malloc(32);
    use(root);
    root += 12;
    return 0;
}
