// SPDX-License-Identifier: MIT
//
// memcheck's shape 3: nothing points to BBB, so it is definitely lost.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: definite 32 1; reachable 0 0

#include "leaktest.h"

void *root;

int main(void)
{
    root = malloc(32); // LEAK: definite 32 1
    use(root);
    root = NULL;
    return 0;
}
