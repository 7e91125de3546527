// SPDX-License-Identifier: MIT
//
// In a function that main calls, with puts after it in main.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O1 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: definite 10 1

#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void work(void)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10); // LEAK: definite 10 1
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
}

int main(void)
{
    work();
    puts("done");
    return 0;
}
