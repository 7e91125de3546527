// SPDX-License-Identifier: MIT
//
// memcheck's shape 7: RRR -?> AAA -> BBB: both are possibly lost.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: possible 80 2; reachable 0 0
// CONTROL: interior=reachable => reachable 80 2

#include "leaktest.h"

char *root;

int main(void)
{
    void **a = calloc(1, 32); // LEAK: possible 32 1
    a[2] = malloc(48);        // LEAK: possible 48 1
    root = (char *)a + 12;
    return 0;
}
