// SPDX-License-Identifier: MIT
//
// A block that is freed twice: what, where, where allocated; the process aborts.
//
// CFLAGS: -O0 | -O2
// PLAIN: no
// SIGNAL: ABRT
// REPORT:
//| ==PID==ERROR: leakgc: double free of 0x..: a block of 10 byte(s), already freed
//|   freed again by:
//|     #0 0x.. in main {FILE}:{@second}
//|     ...
//|   allocated by:
//|     #0 0x.. in make {FILE}:{@malloc}
//|     #1 0x.. in main {FILE}:{@make}
//|     ...

#include "leaktest.h"

static NOINLINE char *make(void)
{
    char *p = malloc(10); // @malloc
    use(p);
    return p;
}

int main(void)
{
    char *p = make(); // @make
    free(p);
    use(p);
    free(p); // @second
    return 0;
}
