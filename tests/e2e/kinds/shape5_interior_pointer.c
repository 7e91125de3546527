// SPDX-License-Identifier: MIT
//
// memcheck's shape 5: RRR has only an interior pointer, so BBB is possibly lost.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: possible 32 1; reachable 0 0
// CONTROL: kinds=definite,indirect,possible => possible 32 1
// CONTROL: interior=reachable => reachable 32 1
// CONTROL: interior=possible => possible 32 1

#include "leaktest.h"

char *root;

int main(void)
{
    root = malloc(32); // LEAK: possible 32 1
    use(root);
    root += 12;
    return 0;
}
