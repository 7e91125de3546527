// SPDX-License-Identifier: MIT
//
// A crash stays a crash: no report, the signal as ever.
//
// SIGNAL: SEGV
// EXPECT: no report

#include "leaktest.h"

int *volatile nowhere = (int *)16;

int main(void)
{
    use(malloc(109));
    *nowhere = 1;
    return 0;
}
