// SPDX-License-Identifier: MIT
//
// The last word of a big .bss counts; so does the first.
//
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 2019 2

#include "leaktest.h"

void *root[200000];

int main(void)
{
    root[0] = malloc(1009);
    root[ARRAY_SIZE(root) - 1] = malloc(1010);
    return 0;
}
