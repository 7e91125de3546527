// SPDX-License-Identifier: MIT
//
// memcheck's shape 2: RRR -> AAA -> BBB are both reachable.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: reachable 80 2

#include "leaktest.h"

void **root;

int main(void)
{
    root = calloc(1, 32);
    root[1] = malloc(48);
    return 0;
}
