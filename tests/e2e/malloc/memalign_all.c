// SPDX-License-Identifier: MIT
//
// Alignments up to a gigabyte, small and big blocks, all alive at once; they do not overlap.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    for (size_t alignment = 1; alignment <= 1u << 30; alignment <<= 1) {
        unsigned char *p[20];
        for (int i = 0; i < 20; i++) {
            size_t size = (size_t)(i * i * i * 11 + i);
            p[i] = memalign(alignment, size);
            CHECK(p[i] != NULL);
            CHECK((uintptr_t)p[i] % alignment == 0 && (uintptr_t)p[i] % 16 == 0);
            memset(p[i], i, size);
        }
        for (int i = 0; i < 20; i++) {
            for (size_t j = 0; j < (size_t)(i * i * i * 11 + i); j++)
                if (p[i][j] != i)
                    CHECK(!"its own bytes");
            free(p[i]);
        }
    }
    return 0;
}
