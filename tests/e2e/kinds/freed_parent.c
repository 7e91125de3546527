// SPDX-License-Identifier: MIT
//
// What only a freed block points to is lost.
//
// EXPECT: definite 48 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

void **parent;

int main(void)
{
    parent = calloc(1, 32);
    parent[3] = malloc(48); // LEAK: definite 48 1
#ifdef FIXED
    free(parent[3]);
#endif
    use(parent);
    free(parent);
    return 0;
}
