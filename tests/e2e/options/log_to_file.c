// SPDX-License-Identifier: MIT
//
// log=PATH: lines about the library go there, and stderr stays clean.
//
// ENV: LEAKGC_OPTIONS=log={TMP}/log.%p:verbose=1:report={TMP}/report.%p
// FILE: log.{PID}
// STDERR-HAS: ^==PID==leakgc:

#include "leaktest.h"

int main(void)
{
    free(malloc(10));
    return 0;
}
