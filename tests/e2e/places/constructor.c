// SPDX-License-Identifier: MIT
//
// Allocations in a constructor of the program.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

void *kept;

__attribute__((constructor)) static void begin(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    kept = malloc(110);
}

int main(void)
{
    return 0;
}
