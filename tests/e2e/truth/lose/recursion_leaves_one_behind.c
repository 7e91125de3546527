// SPDX-License-Identifier: MIT
//
// Of a recursion's ten blocks all are freed but that of the deepest level.
//
// EXPECT: definite 115 1

#include "truth.h"

static NOINLINE int descend(int level)
{
    char *p = malloc(115);
    use(p);
    if (level == 0)
        return 0;
    int r = descend(level - 1);
    free(p);
    return r + 1;
}

static NOINLINE void lose(void)
{
    CHECK(descend(9) == 9);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
