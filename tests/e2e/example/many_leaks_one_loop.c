// SPDX-License-Identifier: MIT
//
// A loop that loses a block each time round: one record.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 100000 1000
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

int main(void)
{
    for (int i = 0; i < 1000; i++) {
        char *p = malloc(100); // LEAK: definite 100000 1000
        use(p);
#ifdef FIXED
        free(p);
#endif
    }
    return 0;
}
