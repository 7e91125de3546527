// SPDX-License-Identifier: MIT
//
// In this C library realloc to no bytes frees the block.
//
// EXPECT: nothing

#include "truth.h"

volatile size_t none = 0;

static NOINLINE void lose(void)
{
    void *p = malloc(61);
    use(p);
    p = realloc(p, none);
    CHECK(p == NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
