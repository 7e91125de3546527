// SPDX-License-Identifier: MIT
//
// memcheck's shape 6: RRR -> AAA -?> BBB: AAA is reachable, BBB possibly lost.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: possible 48 1; reachable 32 1
// CONTROL: interior=reachable => reachable 80 2

#include "leaktest.h"

char **root;

int main(void)
{
    root = calloc(1, 32);
    root[2] = malloc(48); // LEAK: possible 48 1
    root[2] += 20;
    return 0;
}
