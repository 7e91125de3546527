// SPDX-License-Identifier: MIT
//
// The old mallinfo, whose fields are ints.
//
// CFLAGS: -O2 -Wno-deprecated-declarations
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    char *p = malloc(1 << 20);
    use(p);
    struct mallinfo info = mallinfo();
    CHECK(info.uordblks + info.hblkhd >= 1 << 20);
    free(p);
    return 0;
}
