// SPDX-License-Identifier: MIT
//
// free of an address in the heap's range that was never given out.
//
// CFLAGS: -O0 -DDISTANCE=(1l<<30) | -O0 -DDISTANCE=(1l<<20) | -O0 -DDISTANCE=1048 | -O0 -DDISTANCE=64
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: (invalid|double) free of 0x\.\.
// STDERR-HAS: in main {FILE}:{@free}

#include "leaktest.h"

int main(void)
{
    char *p = malloc(40);
    void *volatile q = p + DISTANCE;
    free(q); // @free
    return 0;
}
