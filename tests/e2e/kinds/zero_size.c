// SPDX-License-Identifier: MIT
//
// A block of zero bytes can be lost, and can be kept.
//
// ORACLE: not lsan: it counts an empty block as one byte
// EXPECT: definite 0 1
// CONTROL: -DKEEP => nothing

#include "leaktest.h"

void *root;

int main(void)
{
    root = malloc(0); // LEAK: definite 0 1
    CHECK(root != NULL);
    use(root);
#ifndef KEEP
    root = NULL;
#endif
    return 0;
}
