// SPDX-License-Identifier: MIT
//
// The same with output after the loss: printf and puts run over the dead frames.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: definite 10 1

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10); // LEAK: definite 10 1
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
    printf("%d arguments, %s, %.3f\n", argc, argv[0] ? "named" : "unnamed", 1.5);
    puts("done");
    return 0;
}
