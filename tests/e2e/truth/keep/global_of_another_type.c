// SPDX-License-Identifier: MIT
//
// A pointer among the bytes of a character array, where pointers stand.
//
// EXPECT: nothing
// KEPT: 1009 1

#include "truth.h"

char root[64] __attribute__((aligned(8)));

static NOINLINE void fill(void)
{
    void *p = malloc(1009);
    memcpy(root + 40, &p, sizeof p);
    use(root);
}

int main(void)
{
    fill();
#ifdef GONE
    memset(root, 0, sizeof root);
#endif
    TRUTH_POINT();
    return 0;
}
