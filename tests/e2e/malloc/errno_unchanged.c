// SPDX-License-Identifier: MIT
//
// Nothing that succeeds changes errno, small or big, nor does free.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    for (size_t size = 1; size < 300u << 20; size *= 3) {
        errno = 4711;
        void *p[6];
        p[0] = malloc(size);
        CHECK(errno == 4711);
        p[1] = calloc(1, size);
        CHECK(errno == 4711);
        p[2] = memalign(4096, size);
        CHECK(errno == 4711);
        CHECK(posix_memalign(&p[3], 64, size) == 0);
        CHECK(errno == 4711);
        p[0] = realloc(p[0], size * 2);
        CHECK(errno == 4711);
        p[4] = aligned_alloc(64, size);
        p[5] = valloc(size);
        CHECK(errno == 4711);
        malloc_usable_size(p[0]);
        CHECK(errno == 4711);
        for (int i = 0; i < 6; i++) {
            CHECK(p[i] != NULL);
            free(p[i]);
            CHECK(errno == 4711);
        }
    }
    return 0;
}
