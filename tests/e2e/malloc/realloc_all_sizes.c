// SPDX-License-Identifier: MIT
//
// realloc to every size from 0 to 100000 and back to a small one, with marks at both ends.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    char *p = malloc(8);
    memcpy(p, "12345678", 8);
    size_t last = 8;
    for (size_t size = 8; size <= 100000; size++) {
        p = realloc(p, size);
        CHECK(p != NULL && memcmp(p, "12345678", 8) == 0);
        CHECK(size == 8 || last == 8 || p[last - 1] == 'e');
        CHECK(malloc_usable_size(p) >= size);
        p[size - 1] = size == 8 ? '8' : 'e';
        if (size < 16)
            memcpy(p, "12345678", 8);
        last = size;
    }
    for (size_t size = 100000; size >= 16; size--) {
        p = realloc(p, size);
        CHECK(p != NULL && memcmp(p, "12345678", 8) == 0);
    }
    free(p);
    return 0;
}
