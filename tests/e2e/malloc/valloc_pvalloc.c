// SPDX-License-Identifier: MIT
//
// valloc aligns to the page, pvalloc also rounds the size up to pages.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

volatile size_t zero = 0;

int main(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    static const size_t size[] = {1, 100, 4096, 5000, 100000};
    for (size_t i = 0; i < ARRAY_SIZE(size); i++) {
        char *p = valloc(size[i]);
        CHECK(p != NULL && (uintptr_t)p % page == 0);
        memset(p, 1, size[i]);
        free(p);
        p = pvalloc(size[i]);
        CHECK(p != NULL && (uintptr_t)p % page == 0);
        size_t rounded = (size[i] + page - 1) / page * page;
        CHECK(malloc_usable_size(p) >= rounded);
        memset(p, 1, rounded);
        free(p);
    }
    void *p = valloc(zero), *q = pvalloc(zero);
    CHECK(p != NULL && q != NULL && p != q);
    free(p);
    free(q);
    return 0;
}
