// SPDX-License-Identifier: MIT
//
// free of the address just behind a block.
//
// CFLAGS: -O0
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: (invalid|double) free of 0x\.\.

#include "leaktest.h"

int main(void)
{
    char *p = malloc(48);
    void *volatile q = p + 48;
    free(q);
    return 0;
}
