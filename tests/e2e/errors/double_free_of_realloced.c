// SPDX-License-Identifier: MIT
//
// The old address of a block that realloc has moved, freed once more.
//
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 10 byte\(s\), already freed$
// STDERR-HAS: allocated by:\n    #0 0x\.\. in main {FILE}:{@malloc}

#include "leaktest.h"

void *kept;

int main(void)
{
    char *p = malloc(10); // @malloc
    kept = realloc(p, 100000);
    CHECK(kept != p);
    use(p);
    free(p);
    return 0;
}
