// SPDX-License-Identifier: MIT
//
// 64 megabytes and a byte, hardly touched.
//
// EXPECT: definite 67108865 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *p = malloc((64 << 20) + 1);
    p[64 << 20] = 1;
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
