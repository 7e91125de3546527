// SPDX-License-Identifier: MIT
//
// The same with other blocks freed in between.
//
// PLAIN: no
// SIGNAL: ABRT
// ENV: LEAKGC_OPTIONS=free_stacks=1
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 100 byte\(s\), already freed$
// STDERR-HAS: allocated by:\n    #0 0x\.\. in main {FILE}:{@malloc}
// STDERR-HAS: first freed by:\n    #0 0x\.\. in main {FILE}:{@first}

#include "leaktest.h"

int main(void)
{
    char *others[50];
    for (int i = 0; i < 50; i++)
        others[i] = malloc(100);
    char *p = malloc(100); // @malloc
    use(p);
    free(p); // @first
    for (int i = 0; i < 50; i++)
        free(others[i]);
    use(p);
    free(p);
    return 0;
}
