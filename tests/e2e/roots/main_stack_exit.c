// SPDX-License-Identifier: MIT
//
// exit() in main: main's locals are alive, as far as the program can tell.
//
// EXPECT: nothing
// CONTROL: use_stacks=0 => definite 1009 1

#include "leaktest.h"

int main(void)
{
    void *volatile local[8] = {0};
    local[5] = malloc(1009);
    exit(0);
}
