// SPDX-License-Identifier: MIT
//
// A pointer with a tag in its low bits is an interior pointer.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: possible 48 1
// CONTROL: pointer_mask=0xfffffffffffffff8 => nothing
// CONTROL: pointer_mask=0xfffffffffffffffe => possible 48 1
// CONTROL: interior=reachable => nothing

#include "leaktest.h"

uintptr_t tagged;

int main(void)
{
    void *p = malloc(48); // LEAK: possible 48 1
    tagged = (uintptr_t)p | 3;
    return 0;
}
