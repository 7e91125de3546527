// SPDX-License-Identifier: MIT
//
// A pointer in initialised data keeps its block.
//
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 1009 1

#include "leaktest.h"

void *root = &root;

int main(void)
{
    root = malloc(1009);
    return 0;
}
