// SPDX-License-Identifier: MIT
//
// memcheck's shape 1: RRR -> BBB is reachable.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: reachable 32 1

#include "leaktest.h"

void *root;

int main(void)
{
    root = malloc(32);
    return 0;
}
