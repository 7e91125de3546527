// SPDX-License-Identifier: MIT
//
// An empty block that is freed twice.
//
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 0 byte\(s\), already freed$

#include "leaktest.h"

volatile size_t zero = 0;

int main(void)
{
    void *p = malloc(zero);
    use(p);
    free(p);
    use(p);
    free(p);
    return 0;
}
