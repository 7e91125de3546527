// SPDX-License-Identifier: MIT
//
// With free_stacks=1 the report also tells where the block was freed first.
//
// CFLAGS: -O0 | -O2
// PLAIN: no
// SIGNAL: ABRT
// ENV: LEAKGC_OPTIONS=free_stacks=1
// REPORT:
//| ==PID==ERROR: leakgc: double free of 0x..: a block of 10 byte(s), already freed
//|   freed again by:
//|     #0 0x.. in main {FILE}:{@second}
//|     ...
//|   allocated by:
//|     #0 0x.. in make {FILE}:{@malloc}
//|     #1 0x.. in main {FILE}:{@make}
//|     ...
//|   first freed by:
//|     #0 0x.. in drop {FILE}:{@free}
//|     #1 0x.. in main {FILE}:{@first}
//|     ...

#include "leaktest.h"

static NOINLINE char *make(void)
{
    char *p = malloc(10); // @malloc
    use(p);
    return p;
}

static NOINLINE void drop(char *p)
{
    free(p); // @free
    __asm__ volatile("");
}

int main(void)
{
    char *p = make(); // @make
    drop(p);          // @first
    free(p);          // @second
    return 0;
}
