// SPDX-License-Identifier: MIT
//
// aligned_alloc accepts sizes that are no multiple of the alignment (8, 50). An alignment that is no
// power of two (24, 100) is accepted as long as glibc does so (before 2.38).
//
// EXPECT: nothing

#include "leaktest.h"

#include <gnu/libc-version.h>

volatile size_t eight = 8, twentyfour = 24, fifty = 50;

int main(void)
{
    char *p = aligned_alloc(eight, fifty);
    CHECK(p != NULL && (uintptr_t)p % 16 == 0);
    memset(p, 1, 50);
    free(p);
    for (size_t alignment = 1; alignment <= 65536; alignment *= 2) {
        p = aligned_alloc(alignment, alignment * 3 / 2 + 1);
        CHECK(p != NULL && (uintptr_t)p % alignment == 0);
        free(p);
    }
    int minor = atoi(gnu_get_libc_version() + 2);
    errno = 0;
    p = aligned_alloc(twentyfour, 100);
    if (minor < 38)
        CHECK(p != NULL);
    if (p != NULL)
        CHECK((uintptr_t)p % 32 == 0);
    else
        CHECK(errno == EINVAL);
    free(p);
    return 0;
}
