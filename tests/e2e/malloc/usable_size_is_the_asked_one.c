// SPDX-License-Identifier: MIT
//
// malloc_usable_size is what was asked for, so that a program that uses the rest too (as glibc
// allows) can't hide a pointer there.
//
// PLAIN: no
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

volatile size_t zero = 0;

int main(void)
{
    CHECK(malloc_usable_size(NULL) == 0);
    for (size_t size = 0; size < 100000; size += 1 + size / 9) {
        char *p = malloc(size), *q = calloc(1, size), *r = memalign(256, size);
        CHECK(malloc_usable_size(p) == size);
        CHECK(malloc_usable_size(q) == size);
        CHECK(malloc_usable_size(r) == size);
        p = realloc(p, size + 77);
        CHECK(malloc_usable_size(p) == size + 77);
        free(p);
        free(q);
        free(r);
    }
    return 0;
}
