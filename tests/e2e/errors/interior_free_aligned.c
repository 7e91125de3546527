// SPDX-License-Identifier: MIT
//
// free of a pointer into an over-aligned block.
//
// CFLAGS: -O0
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: invalid free of 0x\.\.: 64 byte\(s\) inside a block of 5000 byte\(s\)$

#include "leaktest.h"

int main(void)
{
    char *p = aligned_alloc(4096, 5000);
    use(p);
    free(p + 64);
    return 0;
}
