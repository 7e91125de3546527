// SPDX-License-Identifier: MIT
//
// verbose=1 says so when nothing leaks, with the summary of all kinds.
//
// ENV: LEAKGC_OPTIONS=verbose=1
// STDERR-HAS: ^==PID==leakgc: no leaks$
// STDERR-HAS: ^==PID==LEAK SUMMARY:$
// STDERR-HAS: ^==PID==   still reachable: 1,000,000 bytes in 2 blocks$
// STDERR-LACKS: ERROR

#include "leaktest.h"

void *kept[2];

int main(void)
{
    kept[0] = malloc(999990);
    kept[1] = malloc(10);
    return 0;
}
