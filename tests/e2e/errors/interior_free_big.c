// SPDX-License-Identifier: MIT
//
// free of a pointer far inside a big block.
//
// CFLAGS: -O0
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: invalid free of 0x\.\.: 50000000 byte\(s\) inside a block of 100000000 byte\(s\)$
// STDERR-HAS: allocated by:\n    #0 0x\.\. in main {FILE}:{@malloc}

#include "leaktest.h"

int main(void)
{
    char *p = malloc(100000000); // @malloc
    use(p);
    free(p + 50000000);
    return 0;
}
