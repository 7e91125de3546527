// SPDX-License-Identifier: MIT
//
// All that malloc_usable_size tells can be used.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    CHECK(malloc_usable_size(NULL) == 0);
    static char *p[2000];
    for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
        p[i] = malloc(i * 3);
        size_t usable = malloc_usable_size(p[i]);
        CHECK(usable >= i * 3);
        memset(p[i], (char)i, usable);
    }
    for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
        size_t usable = malloc_usable_size(p[i]);
        for (size_t j = 0; j < usable; j++)
            CHECK(p[i][j] == (char)i);
        free(p[i]);
    }
    return 0;
}
