// SPDX-License-Identifier: MIT
//
// calloc and reallocarray: products that overflow give NULL and ENOMEM; the old block stays.
//
// EXPECT: nothing

#include "leaktest.h"

static volatile size_t pair[][2] = {{SIZE_MAX, 2},
                                    {2, SIZE_MAX},
                                    {SIZE_MAX / 2 + 1, 2},
                                    {(size_t)1 << 32, (size_t)1 << 32},
                                    {((size_t)1 << 32) + 1, (size_t)1 << 32},
                                    {SIZE_MAX, SIZE_MAX},
                                    {SIZE_MAX / 16 + 1, 16}};

int main(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(pair); i++) {
        char *p = malloc(10);
        memset(p, 'x', 10);
        errno = 0;
        CHECK(calloc(pair[i][0], pair[i][1]) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(reallocarray(NULL, pair[i][0], pair[i][1]) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(reallocarray(p, pair[i][0], pair[i][1]) == NULL && errno == ENOMEM);
        CHECK(p[0] == 'x' && p[9] == 'x');
        free(p);
    }
    return 0;
}
