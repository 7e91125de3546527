// SPDX-License-Identifier: MIT
//
// Every block of every size is aligned to 16 bytes, and its last byte is its own.
//
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    static unsigned char *p[8192];
    for (size_t size = 0; size < ARRAY_SIZE(p); size++) {
        p[size] = size % 2 ? malloc(size) : calloc(1, size);
        CHECK(p[size] != NULL && (uintptr_t)p[size] % 16 == 0);
        memset(p[size], (int)(size % 251), size);
    }
    for (size_t size = 0; size < ARRAY_SIZE(p); size++) {
        for (size_t i = 0; i < size; i++)
            if (p[size][i] != size % 251)
                CHECK(!"its own bytes");
        free(p[size]);
    }
    for (size_t size = 8192; size < 64u << 20; size = size * 3 / 2 + 1) {
        char *big = malloc(size);
        CHECK(big != NULL && (uintptr_t)big % 16 == 0);
        big[0] = big[size - 1] = 1;
        free(big);
    }
    return 0;
}
