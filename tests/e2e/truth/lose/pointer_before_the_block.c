// SPDX-License-Identifier: MIT
//
// An array that counts from one: the pointer stands before its block.
//
// EXPECT: definite 97 1

#include "truth.h"

char *from_one;

static NOINLINE void lose(void)
{
    char *p = malloc(97);
    use(p);
    uintptr_t address = (uintptr_t)p - 64;
    from_one = (char *)address;
    use(&from_one);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
