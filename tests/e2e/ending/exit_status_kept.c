// SPDX-License-Identifier: MIT
//
// The status of the program is kept, with leaks and without.
//
// CFLAGS: -O2
// STATUS: 211
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
    return 211;
}
