// SPDX-License-Identifier: MIT
//
// Several mistakes at once: a line for each, and the good ones between them count.
//
// ENV: LEAKGC_OPTIONS=foo=1:exitcode=9:bar=2:stack_depth=0
// STATUS: 9
// STDERR-HAS: ^==PID==leakgc: unknown option 'foo'; ignored$
// STDERR-HAS: ^==PID==leakgc: unknown option 'bar'; ignored$
// STDERR-HAS: ^==PID==leakgc: option 'stack_depth': '0' is not in 1\.\.256; using 32$
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    lose();
    return 0;
}
