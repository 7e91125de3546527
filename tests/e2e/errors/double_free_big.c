// SPDX-License-Identifier: MIT
//
// A big block that is freed twice.
//
// CFLAGS: -O0 | -O0 -DSIZE=100000000
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block|^==PID==ERROR: leakgc: invalid free of 0x\.\.
// STDERR-HAS: ^  freed again by:\n    #0 0x\.\. in main {FILE}:{@second}|^  called by:\n    #0 0x\.\. in main {FILE}:{@second}

#include "leaktest.h"

#ifndef SIZE
#define SIZE 1000000
#endif

int main(void)
{
    char *p = malloc(SIZE);
    free(p);
    use(p);
    free(p); // @second
    return 0;
}
