// SPDX-License-Identifier: MIT
//
// Pointers with a tag in their top byte, in a root and between blocks: the option pointer_mask says what is
// the pointer. Without it they are disguised.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// ORACLE: not any: they know no tags
// EXPECT: definite 3200 100
// CONTROL: pointer_mask=0x00ffffffffffffff => nothing
// CONTROL: pointer_mask=0x00ffffffffffffff:snapshot=stop -DLOSE => definite 32 1; indirect 3168 99
// CONTROL: pointer_mask=0x7fffffffffffffff => definite 3168 99; indirect 32 1

#include "leaktest.h"

uintptr_t head;

int main(void)
{
    for (int i = 0; i < 100; i++) {
        uintptr_t *node = malloc(32);
        *node = head;
        head = (uintptr_t)node | (uintptr_t)(0x80 | i) << 56;
    }
#ifdef LOSE
    head = 0;
#endif
    return 0;
}
