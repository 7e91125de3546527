// SPDX-License-Identifier: MIT
//
// The copy of an empty string is one byte.
//
// EXPECT: definite 1 1

#include "truth.h"

const char *volatile empty = "";

static NOINLINE void lose(void)
{
    use(strdup(empty));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
