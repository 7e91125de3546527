// SPDX-License-Identifier: MIT
//
// In a function that main calls and that the compiler puts into main.
//
// CFLAGS: -O2 -fno-builtin-malloc
// EXPECT: definite 10 1

#include <stdio.h>
#include <stdlib.h>

__attribute__((always_inline)) static inline void work(void)
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
    printf("%s\n", "done");
    return 0;
}
