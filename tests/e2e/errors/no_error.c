// SPDX-License-Identifier: MIT
//
// A program that is right in all the ways that look like these errors: nothing is said.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    void *p = malloc(10);
    void *q = realloc(p, 100000);
    free(q);
    p = malloc(10);
    free(p);
    q = malloc(10); // may well be at p
    free(q);
    char *a = aligned_alloc(4096, 100);
    free(a);
    free(NULL);
    return 0;
}
