// SPDX-License-Identifier: MIT
//
// memcheck's shape 9: AAA -?> BBB without a root: AAA is definitely, BBB indirectly lost.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: definite 32 1; indirect 48 1; reachable 0 0
// CONTROL: interior=reachable => definite 32 1; indirect 48 1; reachable 0 0

#include "leaktest.h"

char **root;

int main(void)
{
    root = calloc(1, 32); // LEAK: definite 32 1
    root[2] = malloc(48); // LEAK: indirect 48 1
    root[2] += 20;
    use(root);
    root = NULL;
    return 0;
}
