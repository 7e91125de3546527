// SPDX-License-Identifier: MIT
//
// Sizes that can't be had: NULL and ENOMEM, and everything goes on.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

static volatile size_t huge[] = {
    PTRDIFF_MAX, (size_t)PTRDIFF_MAX + 1, SIZE_MAX - 4096, SIZE_MAX - 15, SIZE_MAX - 1,
    SIZE_MAX,    (size_t)1 << 60,         (size_t)1 << 48};

#define FAILS(call)                                                                                \
    do {                                                                                           \
        errno = 0;                                                                                 \
        CHECK((call) == NULL);                                                                     \
        CHECK(errno == ENOMEM);                                                                    \
    } while (0)

int main(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(huge); i++) {
        size_t size = huge[i];
        char *p = malloc(100);
        void *q = &q;
        memset(p, 'x', 100);
        FAILS(malloc(size));
        FAILS(calloc(1, size));
        FAILS(calloc(size, 1));
        FAILS(realloc(NULL, size));
        FAILS(realloc(p, size));
        FAILS(reallocarray(p, size, 1));
        FAILS(memalign(64, size));
        FAILS(aligned_alloc(4096, size));
        FAILS(valloc(size));
        FAILS(pvalloc(size));
        CHECK(posix_memalign(&q, 64, size) == ENOMEM);
        CHECK(q == &q);
        for (int j = 0; j < 100; j++)
            CHECK(p[j] == 'x');
        free(p);
    }
    return 0;
}
