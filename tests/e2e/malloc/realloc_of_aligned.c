// SPDX-License-Identifier: MIT
//
// realloc accepts over-aligned blocks and keeps their content; the alignment need not stay.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    for (size_t alignment = 16; alignment <= 1 << 20; alignment <<= 1) {
        for (size_t size = 1; size < 300000; size = size * 7 + 3) {
            unsigned char *p = memalign(alignment, size);
            CHECK(p != NULL && (uintptr_t)p % alignment == 0);
            memset(p, 0xab, size);
            p = realloc(p, size * 2);
            CHECK(p != NULL && p[0] == 0xab && p[size - 1] == 0xab && p[size / 2] == 0xab);
            p = realloc(p, size);
            CHECK(p != NULL && p[size - 1] == 0xab);
            free(p);
        }
    }
    return 0;
}
