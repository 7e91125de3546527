// SPDX-License-Identifier: MIT
//
// main returns.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

int main(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    return 0;
}
