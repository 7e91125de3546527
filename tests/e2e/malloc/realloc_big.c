// SPDX-License-Identifier: MIT
//
// realloc of big blocks, up and down, with neighbours that stand in the way.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    static const size_t size[] = {70000,     1 << 20, 300000,         (1 << 20) + 1, 5 << 20,
                                  64 << 20,  65537,   (64 << 20) + 3, 100,           1 << 17,
                                  200 << 20, 1000,    (8 << 20) - 1};
    unsigned char *p = NULL;
    void *neighbour[ARRAY_SIZE(size)];
    size_t last = 0;
    for (size_t i = 0; i < ARRAY_SIZE(size); i++) {
        p = realloc(p, size[i]);
        CHECK(p != NULL);
        size_t common = last < size[i] ? last : size[i];
        for (size_t j = 0; j < common; j += 997)
            CHECK(p[j] == (unsigned char)(j / 997 + i - 1));
        for (size_t j = 0; j < size[i]; j += 997)
            p[j] = (unsigned char)(j / 997 + i);
        neighbour[i] = malloc(100000);
        last = size[i];
    }
    for (size_t i = 0; i < ARRAY_SIZE(size); i++)
        free(neighbour[i]);
    free(p);
    return 0;
}
