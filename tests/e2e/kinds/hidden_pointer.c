// SPDX-License-Identifier: MIT
//
// A pointer that is kept only in a disguise is no pointer: the block is lost for everyone.
//
// EXPECT: definite 48 1

#include "leaktest.h"

uintptr_t secret;

int main(void)
{
    void *p = malloc(48); // LEAK: definite 48 1
    secret = (uintptr_t)p ^ 0x5555555555555555u;
    return 0;
}
