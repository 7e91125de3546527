// SPDX-License-Identifier: MIT
//
// realloc of a pointer into a block.
//
// CFLAGS: -O0
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: invalid (realloc|free) of 0x\.\.: 4 byte\(s\) inside a block of 10 byte\(s\)$
// STDERR-HAS: in main {FILE}:{@realloc}

#include "leaktest.h"

int main(void)
{
    char *p = malloc(10);
    use(p);
    p = realloc(p + 4, 100); // @realloc
    use(p);
    return 0;
}
