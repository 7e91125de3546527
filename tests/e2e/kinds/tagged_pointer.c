// SPDX-License-Identifier: MIT
//
// A pointer with a tag in its low bits is an interior pointer.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: possible 48 1

#include "leaktest.h"

uintptr_t tagged;

int main(void)
{
    void *p = malloc(48); // LEAK: possible 48 1
    tagged = (uintptr_t)p | 3;
    return 0;
}
