// SPDX-License-Identifier: MIT
//
// calloc gives zeroes, also where dirty blocks were freed before; all sizes and a few big ones.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

static void dirty_then_calloc(size_t size)
{
    char *dirty[3];
    for (int i = 0; i < 3; i++) {
        dirty[i] = malloc(size);
        CHECK(dirty[i] != NULL);
        memset(dirty[i], 0xee, size);
    }
    for (int i = 0; i < 3; i++)
        free(dirty[i]);
    for (int i = 0; i < 3; i++) {
        char *clean = dirty[i] = calloc(i == 1 ? size : 1, i == 1 ? 1 : size);
        CHECK(clean != NULL);
        for (size_t j = 0; j < size; j++)
            if (clean[j] != 0)
                CHECK(!"zero");
    }
    for (int i = 0; i < 3; i++)
        free(dirty[i]);
}

int main(void)
{
    for (size_t size = 0; size < 4200; size++)
        dirty_then_calloc(size);
    for (size_t size = 4200; size < 200000; size += 1237)
        dirty_then_calloc(size);
    for (size_t size = 1 << 18; size <= 32u << 20; size <<= 1)
        dirty_then_calloc(size + 5);
    return 0;
}
