// SPDX-License-Identifier: MIT
//
// free of a pointer into a block.
//
// CFLAGS: -O0 | -O2
// PLAIN: no
// SIGNAL: ABRT
// REPORT:
//| ==PID==ERROR: leakgc: invalid free of 0x..: 4 byte(s) inside a block of 10 byte(s)
//|   called by:
//|     #0 0x.. in main {FILE}:{@free}
//|     ...
//|   allocated by:
//|     #0 0x.. in main {FILE}:{@malloc}
//|     ...

#include "leaktest.h"

int main(void)
{
    char *p = malloc(10); // @malloc
    use(p);
    free(p + 4); // @free
    return 0;
}
