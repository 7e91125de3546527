// SPDX-License-Identifier: MIT
//
// abort: no report, the signal as ever.
//
// SIGNAL: ABRT
// EXPECT: no report

#include "leaktest.h"

int main(void)
{
    use(malloc(109));
    abort();
}
