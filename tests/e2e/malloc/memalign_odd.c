// SPDX-License-Identifier: MIT
//
// What glibc's memalign accepts is accepted: alignments that are no power of two are rounded up, and
// 0 is as good as any. Only an alignment that can't be rounded is EINVAL.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    static volatile size_t odd[] = {0, 3, 5, 17, 24, 33, 48, 100, 1000, 5000};
    for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
        void *p = memalign(odd[i], 100);
        CHECK(p != NULL);
        size_t power = 16;
        while (power < odd[i])
            power *= 2;
        CHECK((uintptr_t)p % power == 0);
        memset(p, 1, 100);
        free(p);
    }
    volatile size_t impossible = SIZE_MAX / 2 + 2;
    errno = 0;
    CHECK(memalign(impossible, 100) == NULL);
    CHECK(errno == EINVAL);
    return 0;
}
