// SPDX-License-Identifier: MIT
//
// A pointer that is kept mixed with a key by exclusive or is no pointer to a scanner. See LIMITATIONS.
//
// EXPECT: definite 88 1

#include "truth.h"

uintptr_t mixed;

static NOINLINE void lose(void)
{
    mixed = (uintptr_t)malloc(88) ^ 0x5a5a5a5a5a5a5a5a;
    use(&mixed);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
