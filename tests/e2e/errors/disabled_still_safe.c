// SPDX-License-Identifier: MIT
//
// Also with enabled=0 a double free does not go on as if nothing had happened.
//
// PLAIN: no
// SIGNAL: ABRT
// ENV: LEAKGC_OPTIONS=enabled=0
// STDERR-HAS: ^==PID==.*(double|invalid) free of 0x

#include "leaktest.h"

int main(void)
{
    void *p = malloc(10);
    use(p);
    free(p);
    use(p);
    free(p);
    return 0;
}
