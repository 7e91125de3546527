// SPDX-License-Identifier: MIT
//
// Memory that the program got by sbrk counts.
//
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0:use_globals=0 => definite 1009 1

#include "leaktest.h"

int main(void)
{
    void **memory = sbrk(65536);
    if (memory == (void *)-1)
        SKIP("no brk memory");
    memory = (void **)(((uintptr_t)memory + 15) & ~(uintptr_t)15);
    memory[1000] = malloc(1009);
    return 0;
}
