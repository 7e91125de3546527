// SPDX-License-Identifier: MIT
//
// A root that still points to a freed block keeps nothing of what was in it.
//
// EXPECT: definite 48 1

#include "leaktest.h"

void **root, **other;

int main(void)
{
    root = calloc(8, 4096);
    root[2000] = malloc(48); // LEAK: definite 48 1
    other = root;
    use(root);
    free(root);
    return 0;
}
