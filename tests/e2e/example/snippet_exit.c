// SPDX-License-Identifier: MIT
//
// Ended by exit() in main: main's frame is alive, but nothing in it holds the second block.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: definite 10 1

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10); // LEAK: definite 10 1
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
    puts("done");
    exit(0);
}
