// SPDX-License-Identifier: MIT
//
// A __thread variable of the program, in the main thread.
//
// EXPECT: nothing
// CONTROL: use_tls=0 => definite 2019 2

#include "leaktest.h"

__thread void *in_bss;
__thread void *in_data = (void *)16;

int main(void)
{
    in_bss = malloc(1009);
    in_data = malloc(1010);
    return 0;
}
