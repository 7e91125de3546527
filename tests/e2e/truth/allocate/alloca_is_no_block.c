// SPDX-License-Identifier: MIT
//
// Memory of alloca is a part of the stack.
//
// EXPECT: nothing

#include "truth.h"

#include <alloca.h>

static NOINLINE void lose(void)
{
    char *p = alloca(1000);
    memset(p, 1, 1000);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
