// SPDX-License-Identifier: MIT
//
// One block of each function, all freed.
//
// EXPECT: nothing

#include "truth.h"

#include <malloc.h>

static NOINLINE void lose(void)
{
    void *p[9] = {malloc(1),
                  calloc(2, 2),
                  realloc(NULL, 3),
                  strdup("four"),
                  aligned_alloc(64, 64),
                  memalign(32, 6),
                  valloc(7),
                  pvalloc(8),
                  reallocarray(NULL, 3, 3)};
    for (int i = 0; i < 9; i++) {
        use(p[i]);
        free(p[i]);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
