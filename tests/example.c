/* SPDX-License-Identifier: MIT
 *
 * The README's example: the second block is lost when its only pointer is overwritten. */
#include <stdlib.h>

int main(void)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10);
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
    return 0;
}
