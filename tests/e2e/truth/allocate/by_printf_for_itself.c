// SPDX-License-Identifier: MIT
//
// Very wide numbers make printf allocate; it frees what it took.
//
// EXPECT: nothing

#include "truth.h"

static NOINLINE void lose(void)
{
    static char text[20000];
    CHECK(snprintf(text, sizeof text, "%*d|%-*.3f", 9000, 1, 9000, 2.5) == 18001);
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
