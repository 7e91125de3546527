// SPDX-License-Identifier: MIT
//
// A gigabyte of .bss of which two pages are used: only present pages are read.
//
// TIMEOUT: 10
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 1009 1

#include "leaktest.h"

void *root[1 << 27];

int main(void)
{
    root[1 << 26] = malloc(1009);
    return 0;
}
