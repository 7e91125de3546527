// SPDX-License-Identifier: MIT
//
// SIGTERM without a handler: no report, the signal as ever.
//
// SIGNAL: TERM
// EXPECT: no report

#include "leaktest.h"

#include <signal.h>

int main(void)
{
    use(malloc(109));
    raise(SIGTERM);
    return 0;
}
