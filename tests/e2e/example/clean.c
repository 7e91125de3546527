// SPDX-License-Identifier: MIT
//
// The most usual case of all: a program that frees what it allocates. Nothing is said.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: nothing
// CONTROL: -DLEAK => definite 10 1

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10);
    free(ptr1);
#ifndef LEAK
    free(ptr2);
#endif
    (void)ptr2;
    puts("done");
    return 0;
}
