// SPDX-License-Identifier: MIT
//
// The same local when main returns: it is dead, and the block lost.
//
// CFLAGS: -O0 | -O1 | -O2
// EXPECT: definite 1009 1
// CONTROL: -DCALL_EXIT => nothing

#include "leaktest.h"

int main(void)
{
    void *volatile local[8] = {0};
    local[5] = malloc(1009); // LEAK: definite 1009 1
#ifdef CALL_EXIT
    exit(0);
#endif
    return 0;
}
