// SPDX-License-Identifier: MIT
//
// A pointer in zero-initialised data keeps its block.
//
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 1009 1

#include "leaktest.h"

void *root[100];

int main(void)
{
    root[77] = malloc(1009);
    return 0;
}
