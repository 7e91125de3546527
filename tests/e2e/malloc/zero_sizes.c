// SPDX-License-Identifier: MIT
//
// Zero sizes give a unique block that can be freed.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

volatile size_t zero = 0;

int main(void)
{
    void *p[8];
    p[0] = malloc(zero);
    p[1] = malloc(zero);
    p[2] = calloc(zero, 10);
    p[3] = calloc(10, zero);
    p[4] = realloc(NULL, zero);
    p[5] = memalign(64, zero);
    p[6] = aligned_alloc(16, zero);
    CHECK(posix_memalign(&p[7], 64, zero) == 0);
    for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
        CHECK(p[i] != NULL);
        CHECK((uintptr_t)p[i] % 16 == 0);
        for (size_t j = 0; j < i; j++)
            CHECK(p[i] != p[j]);
    }
    for (size_t i = 0; i < ARRAY_SIZE(p); i++)
        free(p[i]);
    return 0;
}
