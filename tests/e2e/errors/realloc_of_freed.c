// SPDX-License-Identifier: MIT
//
// realloc of a block that was freed.
//
// CFLAGS: -O0
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: .*0x\.\.: a block of 10 byte\(s\), already freed$
// STDERR-HAS: in main {FILE}:{@realloc}

#include "leaktest.h"

int main(void)
{
    char *p = malloc(10);
    use(p);
    free(p);
    p = realloc(p, 100); // @realloc
    use(p);
    return 0;
}
