// SPDX-License-Identifier: MIT
//
// posix_memalign with a bad alignment: EINVAL is returned, the pointer stays as it was.
//
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    static volatile size_t bad[] = {
        0, 1, 2, 3, 4, 5, 7, 12, 24, 40, 100, SIZE_MAX, SIZE_MAX / 2 + 2};
    void *p = &p;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        CHECK(posix_memalign(&p, bad[i], 100) == EINVAL);
        CHECK(p == &p);
    }
    for (size_t good = sizeof(void *); good <= 1 << 24; good *= 2) {
        CHECK(posix_memalign(&p, good, 100) == 0);
        CHECK((uintptr_t)p % good == 0);
        free(p);
    }
    return 0;
}
